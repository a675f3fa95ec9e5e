package dev.echod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.echod.testing.EchodProcess;
import dev.echod.testing.Needs;
import dev.echod.testing.Readme;
import dev.echod.testing.Readme.Dialogue;
import dev.echod.testing.Shell;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The commands of the README and of the pages about operations and measuring, letter for
 * letter but for the ports, by a shell.
 */
class ReadmeCommandsIT {

	/**
	 * What the answers of the commands of "On call" say, one after the other.
	 */
	private static final List<String> ANSWERS = List.of("\"receivedPerSecond\":", "\"connections\":3,",
			"\"reason\":\"PEER_CLOSED\"", "\"state\":\"SERVING\"", "\"matched\":3,",
			"\"state\":\"PLANNED\",\"matched\":3,", "\"takesSeconds\":", "\"matched\":3,", "\"state\":\"ANNOUNCED\"",
			"\"outcome\":\"CANCELLED\"", "\"roundTrips\":", "echoed 100 x 4 bytes",
			"\"eventLoops\":{\"status\":\"UP\"}", "echod_event_loop_utilisation", "open file descriptor",
			"maximum file descriptor", "\"certificates\":[", "\"inUse\":", "\"type\":\"CONNECTIONS_CLOSED\"", "", "");

	/**
	 * At 50 a second, for whoever calls the close off.
	 */
	private static final int MORE_THAN_ARE_CLOSED_MEANWHILE = 500;

	private final EchodProcess echod = EchodProcess.administered();

	private final List<TestClient> clients = new ArrayList<>();

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	/**
	 * Has curl tell of what the service refuses.
	 */
	@BeforeEach
	void curlTellsOfErrors() throws IOException {
		Files.writeString(this.folder.resolve(".curlrc"), "fail-with-body\nshow-error\n");
	}

	@AfterEach
	void close() throws IOException {
		for (TestClient client : this.clients) {
			client.close();
		}
		this.echod.close();
	}

	private String run(String command) throws Exception {
		String withPorts = command.replace("127.0.0.1:8081", "127.0.0.1:" + this.echod.adminPort())
			.replace("127.0.0.1:8080", "127.0.0.1:" + this.echod.port())
			.replace("127.0.0.1 8080", "127.0.0.1 " + this.echod.port())
			.replace("\"port\":8080", "\"port\":" + this.echod.port());
		return new Shell(this.folder).with("CURL_HOME", this.folder.toString()).run(withPorts);
	}

	/**
	 * Each is done: curl fails at what the service refuses.
	 */
	@Test
	void operations() throws Exception {
		Needs.program("curl");
		for (int i = 0; i < MORE_THAN_ARE_CLOSED_MEANWHILE; i++) {
			this.clients.add(connect(1));
		}
		List<String> commands = new ArrayList<>(commands("## The admin API"));
		commands.addAll(commands("## The stats page"));
		commands.addAll(commands("## Readiness"));
		commands.addAll(commands("## Draining"));
		commands.removeIf((line) -> !line.startsWith("curl "));
		for (String command : commands.subList(0, commands.size() - 1)) {
			run(command);
		}
		for (TestClient client : this.clients) {
			client.close();
		}
		run(commands.getLast());
		assertThat(this.echod.awaitExit()).isZero();
		assertThat(this.echod.output()).contains("CONNECTION_CLOSED", "BULK_CLOSE_CANCELLED", "DRAIN_CANCELLED")
			.doesNotContain(" ERROR ", "\tat ");
	}

	@Test
	void onCall() throws Exception {
		Needs.program("curl");
		List<String> commands = commands("## On call");
		connect(1).close();
		await().until(() -> run(commands.get(2)).contains("PEER_CLOSED"));
		this.clients.addAll(List.of(connect(7), connect(70), connect(8)));
		assertThat(commands).hasSameSizeAs(ANSWERS);
		for (int i = 0; i < commands.size(); i++) {
			assertThat(run(commands.get(i))).as(commands.get(i)).contains(ANSWERS.get(i));
		}
		assertThat(this.echod.output()).contains("LOGGER_CHANGED").doesNotContain(" ERROR ", "\tat ");
	}

	/**
	 * The last one shuts it down.
	 */
	@Test
	void firstLook() throws Exception {
		Needs.program("curl");
		String heading = "## A first look at operating";
		assertThatItIsProbed(Readme.dialogues(heading).getFirst());
		for (String command : commands(heading)) {
			if (command.contains(" load ")) {
				load(command);
			}
			else if (command.startsWith("curl ")) {
				run(command);
			}
		}
		assertThat(this.echod.awaitExit()).isZero();
		assertThat(this.echod.output()).contains("drain CLEAN").doesNotContain(" ERROR ", "\tat ");
	}

	/**
	 * With other times.
	 */
	private void assertThatItIsProbed(Dialogue probe) throws Exception {
		assertThat(run(probe.command())).matches(probe.answer()
			.replaceFirst("127.0.0.1:8080", "127.0.0.1:" + this.echod.port())
			.replaceAll("\\d+\\.\\d+ ms", "\\\\d+.\\\\d+ ms"));
	}

	/**
	 * For a moment. A machine that is too busy for the client to be in time is no matter
	 * here.
	 */
	private String load(String command) throws Exception {
		return run(command.replaceFirst("--duration \\d+s", "--duration 500ms") + " || test $? = 3");
	}

	@Test
	@Tag("long")
	void measuring() throws Exception {
		assertThatItIsProbed(Readme.dialogues("## Probing").getFirst());
		String report = load(Readme.dialogues("## Load").getFirst().command());
		for (String line : Readme.blocks("## Load", "").getFirst().lines().skip(2).limit(4).toList()) {
			assertThat(report).containsPattern(
					"(?m)^" + line.replaceAll("\\d+\\.\\d+ ms", "\\\\d+.\\\\d+ ms").replaceAll(" +", " +"));
		}
		assertThat(load(commands("## Load").getFirst())).contains("no delay on", "no delay off");
	}

	/**
	 * The jar is started in all tests as it is documented.
	 */
	@Test
	@Tag("long")
	void flagsAndConfiguration() throws Exception {
		assertThat(commands("## Running the jar").getFirst())
			.isEqualTo("java %s -jar target/echod.jar".formatted(System.getProperty("echod.jvm-flags")));
		Path file = Files.writeString(this.folder.resolve("application.yml"),
				Readme.blocks("# echod", "yaml").getFirst().replaceAll("777\\d", "0"));
		try (EchodProcess other = EchodProcess.service("--spring.config.additional-location=file:" + file)) {
			for (String listener : List.of("echo", "internal")) {
				try (TestClient client = new TestClient(other.port(listener))) {
					assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
				}
			}
		}
	}

	private static List<String> commands(String heading) throws IOException {
		return Readme.blocks(heading, "sh").stream().flatMap(String::lines).toList();
	}

	private TestClient connect(int bytes) throws IOException {
		TestClient client = new TestClient(this.echod.port());
		byte[] message = TestClient.randomBytes(bytes, bytes);
		assertThat(client.send(message).receive(bytes)).isEqualTo(message);
		return client;
	}

	@Test
	void firstClients() throws Exception {
		List<Dialogue> dialogues = Readme.dialogues("# echod").subList(0, 3);
		for (Dialogue dialogue : dialogues) {
			Needs.program(dialogue.command().replaceAll(".*\\| (\\w+) .*", "$1"));
			assertThat(run(dialogue.command())).as(dialogue.command()).isEqualTo(dialogue.answer().strip());
		}
	}

}
