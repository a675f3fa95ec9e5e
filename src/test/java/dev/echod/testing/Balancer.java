package dev.echod.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A balancer of the system's, really started, as a child process that listens on
 * loopback.
 */
public final class Balancer implements AutoCloseable {

	private static final String NGINX_STREAM = "/usr/lib/nginx/modules/ngx_stream_module.so";

	private final Process process;

	private final Path output;

	/**
	 * Starts a balancer, and waits until it takes connections.
	 * @param folder where its output goes
	 * @param port what it listens on
	 * @param command the program and its arguments
	 */
	public Balancer(Path folder, int port, String... command) throws IOException {
		this.output = folder.resolve("balancer-%d.log".formatted(port));
		this.process = new ProcessBuilder(command).directory(folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.output.toFile())
			.start();
		await().ignoreExceptions().until(() -> {
			assertThat(this.process.isAlive()).as(output()).isTrue();
			new TestClient(port).close();
			return true;
		});
	}

	/**
	 * Starts HAProxy with this configuration.
	 * @param port as the configuration says
	 */
	public static Balancer haproxy(Path folder, int port, String configuration)
			throws IOException, InterruptedException {
		Needs.program("haproxy");
		Path file = Files.writeString(folder.resolve("haproxy-%d.cfg".formatted(port)), configuration);
		return new Balancer(folder, port, "haproxy", "-db", "-f", file.toString());
	}

	/**
	 * Starts nginx with this {@code stream} block.
	 * @param port as the block says
	 */
	public static Balancer nginx(Path folder, int port, String stream) throws IOException, InterruptedException {
		Needs.program("nginx");
		Needs.file(Path.of(NGINX_STREAM));
		Path file = Files.writeString(folder.resolve("nginx-%d.conf".formatted(port)),
				"load_module %s;%ndaemon off;%npid %s;%nevents {}%n%s".formatted(NGINX_STREAM,
						folder.resolve("nginx-%d.pid".formatted(port)), stream));
		return new Balancer(folder, port, "nginx", "-p", folder.toString(), "-e", "stderr", "-c", file.toString());
	}

	/**
	 * Below the range that the system takes for clients, so that none takes them before
	 * they are used.
	 */
	public static List<Integer> freePorts(int count) throws IOException {
		List<Integer> free = new ArrayList<>();
		Random random = new Random();
		while (free.size() < count) {
			int port = random.nextInt(20_000, 30_000);
			try (ServerSocket socket = new ServerSocket()) {
				socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
				free.add(port);
			}
			catch (java.net.BindException ex) {
				// Try another.
			}
		}
		return free;
	}

	/**
	 * What the process has printed so far.
	 */
	public String output() {
		try {
			return Files.readString(this.output, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroy();
		this.process.onExit().join();
	}

}
