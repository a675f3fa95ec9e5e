package dev.echod.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A network namespace at the other end of a cable of its own, whose machine can vanish:
 * from then on its packets come no more, and it gets none.
 */
public final class FarMachine implements AutoCloseable {

	private final String name = "echod" + ProcessHandle.current().pid() % 1_000_000;

	private final String network = "198.18.%d.".formatted(ProcessHandle.current().pid() % 250);

	private final List<Process> clients = new ArrayList<>();

	private FarMachine() {
	}

	/**
	 * Sets one up; what it takes is needed: root, and the programs.
	 */
	public static FarMachine start() throws IOException, InterruptedException {
		Needs.root();
		for (String program : List.of("ip", "nft", "socat")) {
			Needs.program(program);
		}
		FarMachine machine = new FarMachine();
		try {
			machine.connect();
			return machine;
		}
		catch (IOException | InterruptedException | RuntimeException | Error ex) {
			machine.close();
			throw ex;
		}
	}

	private void connect() throws IOException, InterruptedException {
		run("ip", "netns", "add", this.name);
		run("ip", "link", "add", this.name, "type", "veth", "peer", "name", "far", "netns", this.name);
		run("ip", "address", "add", this.network + "1/30", "dev", this.name);
		run("ip", "link", "set", this.name, "up");
		run("ip", "-n", this.name, "address", "add", this.network + "2/30", "dev", "far");
		run("ip", "-n", this.name, "link", "set", "far", "up");
		run("ip", "netns", "exec", this.name, "nft", "add", "table", "inet", "cut");
	}

	private static void run(String... command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as("%s: %s", Arrays.toString(command), output).isZero();
	}

	/**
	 * Starts a client there that sends what it is written, and writes what it receives.
	 * @param port of this machine
	 */
	public Process connect(int port) throws IOException {
		return socat(port, "-t", "60");
	}

	/**
	 * Starts a client there that sends what it is written, and receives nothing.
	 * @param port of this machine
	 */
	public Process connectDeaf(int port) throws IOException {
		return socat(port, "-u", "-t", "60");
	}

	private Process socat(int port, String... options) throws IOException {
		List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", this.name, "socat"));
		command.addAll(List.of(options));
		command.addAll(List.of("-", "TCP:%s1:%d".formatted(this.network, port)));
		Process client = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
		this.clients.add(client);
		return client;
	}

	/**
	 * It is heard of no more.
	 */
	public void vanish() throws IOException, InterruptedException {
		for (String way : List.of("input", "output")) {
			run("ip", "netns", "exec", this.name, "nft",
					"add chain inet cut %s { type filter hook %s priority 0; policy drop; }".formatted(way, way));
		}
	}

	@Override
	public void close() throws IOException {
		for (Process client : this.clients) {
			client.destroyForcibly().onExit().join();
		}
		// The namespace stays as long as its system sends what the clients had not sent.
		for (String what : List.of("link", "netns")) {
			new ProcessBuilder("ip", what, "delete", this.name).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.onExit()
				.join();
		}
	}

}
