package dev.echod;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.echod.testing.AdminClient;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.Needs;
import dev.echod.testing.Readme;
import dev.echod.testing.Readme.Dialogue;
import dev.echod.testing.Shell;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged service with one listener of each kind, on free ports.
 */
class ShowcaseIT {

	private static final String PAGE = "# Every way to serve";

	private static final Pattern PORT = Pattern.compile(" (\\S+): \\{ port: (\\d+)");

	private static final List<String> LISTENERS = List.of("crlf", "length-1", "length-2", "length-4", "stx-etx",
			"discard", "chat", "http", "relay", "thread", "platform-thread", "process", "serial", "selector");

	@SuppressWarnings("NullAway.Init")
	private static EchodProcess echod;

	@SuppressWarnings("NullAway.Init")
	private static AdminClient admin;

	@BeforeAll
	static void start() throws IOException {
		echod = showcase();
		admin = new AdminClient(echod.adminPort());
	}

	private static EchodProcess showcase() throws IOException {
		List<String> arguments = new ArrayList<>(Readme.arguments(PAGE));
		try (ServerSocket free = new ServerSocket(0)) {
			arguments.add("--echod.listeners.lf.port=" + free.getLocalPort());
			arguments.add("--echod.listeners.relay.relay.port=" + free.getLocalPort());
		}
		LISTENERS.forEach((name) -> arguments.add("--echod.listeners.%s.port=0".formatted(name)));
		return EchodProcess.administered(arguments.toArray(String[]::new));
	}

	@AfterAll
	static void stop() {
		admin.close();
		echod.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "lf | \"hello\\n\" | \"hello\\n\"", "crlf | \"hello\\r\\n\" | \"hello\\r\\n\"",
					"length-1 | \"\\005hello\" | \"\\005hello\"",
					"length-2 | \"\\000\\005hello\" | \"\\000\\005hello\"",
					"length-4 | \"\\000\\000\\000\\005hello\" | \"\\000\\000\\000\\005hello\"",
					"stx-etx | \"\\002hello\\003\" | \"\\002hello\\003\"", "discard | \"hello\" | \"\"",
					"chat | \"hello\\n\" | \"hello\\n\"", "relay | \"hello\\n\" | \"hello\\n\"",
					"thread | \"hello\" | \"hello\"", "platform-thread | \"hello\" | \"hello\"",
					"process | \"hello\" | \"hello\"", "serial | \"hello\" | \"hello\"" })
	void netcatGetsItsAnswer(String listener, String sent, String answer) throws Exception {
		Needs.program("nc");
		String command = "printf '%s' | nc -N 127.0.0.1 %d".formatted(sent, echod.port(listener));
		Process shell = new ProcessBuilder("sh", "-c", command).start();
		byte[] received = shell.getInputStream().readAllBytes();
		assertThat(new String(received, StandardCharsets.ISO_8859_1)).isEqualTo(unescape(answer));
		assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
	}

	/**
	 * What is typed there, and what is answered.
	 */
	@Test
	void dialoguesOfTheDocumentationAreTrue() throws Exception {
		Needs.program("nc");
		Needs.program("curl");
		Map<String, String> listeners = PORT
			.matcher(Files.readString(Path.of("src/main/resources/application-showcase.yml")))
			.results()
			.collect(Collectors.toMap((found) -> found.group(2), (found) -> found.group(1)));
		List<Dialogue> dialogues = Readme.dialogues(PAGE);
		assertThat(dialogues).hasSizeGreaterThan(5);
		for (Dialogue dialogue : dialogues) {
			String port = dialogue.command().replaceFirst(".*127\\.0\\.0\\.1[ :](\\d+).*", "$1");
			String command = dialogue.command()
				.replace(port, String.valueOf(echod.port(Objects.requireNonNull(listeners.get(port)))));
			assertThat(new Shell(Path.of(".")).run(command).strip()).as(dialogue.command())
				.isEqualTo(dialogue.answer().strip());
		}
	}

	private static String unescape(String text) {
		return text.replace("\\n", "\n")
			.replace("\\r", "\r")
			.replace("\\000", "\0")
			.replace("\\002", "\2")
			.replace("\\003", "\3")
			.replace("\\005", "\5");
	}

	@ParameterizedTest
	@CsvSource({ "-s,hello", "-s --http1.0,hello", "-s -o /dev/null -w %{http_code} -I,200",
			"-s -o /dev/null -w %{http_code} -X DELETE,405",
			"-s -w %{num_connects} http://127.0.0.1:PORT/,hello1hello0" })
	void curlGetsItsAnswer(String options, String answer) throws Exception {
		Needs.program("curl");
		int port = echod.port("http");
		List<String> command = new ArrayList<>(List.of("curl"));
		command.addAll(List.of(options.replace("PORT", String.valueOf(port)).split(" ")));
		command.add("http://127.0.0.1:%d/".formatted(port));
		Process curl = new ProcessBuilder(command).start();
		assertThat(new String(curl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo(answer);
		assertThat(curl.waitFor()).isZero();
	}

	@Test
	void allAreListedAndReady() throws Exception {
		assertThat(admin.<List<String>>read("listeners", "$.*.state")).hasSize(16).containsOnly("ACCEPTING");
		assertThat(admin.call(AdminClient.NOBODY, "GET", "health/readiness", "").statusCode()).isEqualTo(200);
		assertThat(admin.<String>read("listeners/process", "$.service")).isEqualTo("cat");
		assertThat(admin.<String>read("listeners/thread", "$.concurrency")).isEqualTo("thread");
		assertThat(admin.<String>read("listeners/relay", "$.framing")).isEqualTo("lf");
	}

	@Test
	void tenThousandConnectionsOnVirtualThreadsEchoAtOnce() throws Exception {
		int port = echod.port("thread");
		CountDownLatch connected = new CountDownLatch(10_000);
		TestClient.inParallel(10_000, (number) -> {
			try (TestClient client = new TestClient(port)) {
				connected.countDown();
				assertThat(connected.await(60, TimeUnit.SECONDS)).isTrue();
				byte[] message = TestClient.randomBytes(number, 64);
				for (int i = 0; i < 3; i++) {
					TestClient.assertSame(client.send(message).receive(64), message);
				}
			}
		});
		await().until(() -> admin.<Integer>read("listeners/thread", "$.connections.active") == 0);
		assertThat(echod.output()).doesNotContain("OutOfMemoryError", "\tat ");
	}

	private static List<ProcessHandle> children() {
		return echod.process().toHandle().children().toList();
	}

	private static long openFiles() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("/proc/%d/fd".formatted(echod.process().pid())))) {
			return files.count();
		}
	}

	@Test
	void processesLeaveNothingBehind() throws Exception {
		long filesBefore = openFiles();
		List<TestClient> clients = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			TestClient client = new TestClient(echod.port("process"));
			clients.add(client);
			client.send(new byte[] { (byte) i });
			assertThat(client.receive(1)).containsExactly((byte) i);
		}
		List<ProcessHandle> processes = children();
		assertThat(processes).hasSize(200);
		processes.subList(0, 100).forEach(ProcessHandle::destroyForcibly);
		await().until(() -> admin.<Integer>read("connections?listener=process&state=open", "$.matched") == 100);
		int ended = 0;
		for (TestClient client : clients) {
			try {
				ended += (client.send(new byte[] { 7 }).receive(1).length == 0) ? 1 : 0;
			}
			catch (IOException ex) {
				ended++;
			}
			client.close();
		}
		assertThat(ended).isEqualTo(100);
		await().atMost(Duration.ofSeconds(30)).until(() -> children().isEmpty());
		await().until(() -> admin.<Integer>read("listeners/process", "$.connections.active") == 0);
		await().until(() -> openFiles() <= filesBefore + 5);
		assertThat(admin.meter("echod_connections_closed_total{listener=\"process\",reason=\"PROCESS_ENDED\"}"))
			.isEqualTo(100);
	}

	@Test
	void sigtermDrainsEveryKindAndLeavesNoProcess() throws Exception {
		try (EchodProcess other = showcase()) {
			List<TestClient> clients = new ArrayList<>();
			for (String listener : List.of("crlf", "chat", "relay", "thread", "platform-thread", "process", "serial",
					"selector")) {
				TestClient client = new TestClient(other.port(listener));
				clients.add(client);
				assertThat(client.send("hello\r\n".getBytes(StandardCharsets.US_ASCII)).receive(7)).hasSize(7);
			}
			for (int i = 1; i < 200; i++) {
				TestClient client = new TestClient(other.port("process"));
				clients.add(client);
				assertThat(client.send(new byte[] { 1 }).receive(1)).hasSize(1);
			}
			List<ProcessHandle> processes = other.process().toHandle().children().toList();
			assertThat(processes).hasSize(200);
			other.terminate();
			for (TestClient client : clients) {
				assertThat(client.receiveToEnd()).isEmpty();
				client.close();
			}
			assertThat(other.awaitExit()).as(other.output()).isZero();
			await().until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
			assertThat(other.output()).contains("Drain CLEAN").doesNotContain(" ERROR ", "\tat ");
			// Version, profile, transport, 16 listeners, admin API, ready; signal, drain,
			// end.
			assertThat(other.output()).hasLineCount(25);
		}
	}

}
