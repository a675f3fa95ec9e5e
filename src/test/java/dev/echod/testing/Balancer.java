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
