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
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The documented commands and properties of TLS, PROXY headers, limits and dead peers,
 * letter for letter but for the ports and the folder.
 */
@Tag("long")
class ReadmeSecurityIT {

	private static final String ADMIN = "## The admin API over TLS";

	private static final String TLS = "## TLS";

	private static final String PROXY = "## Behind a proxy";

	private static final String LIMITS = "## Limits";

	private static final String DEAD_PEERS = "## Dead peers";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	private String run(String command) throws IOException, InterruptedException {
		return new Shell(this.folder).run(command);
	}

	private static List<String> commands(String heading, String begin) throws IOException {
		return Readme.blocks(heading, "sh")
			.stream()
			.flatMap(String::lines)
			.filter((line) -> line.startsWith(begin))
			.toList();
	}

	private String inFolder(String text) {
		return text.replace("file:", "file:" + this.folder + "/");
	}

	private static EchodProcess start(List<String> arguments) {
		EchodProcess echod = EchodProcess.fromClasses(arguments.toArray(String[]::new));
		try {
			await().atMost(EchodProcess.START_TIMEOUT).until(() -> echod.output().contains("Started EchodApplication"));
			return echod;
		}
		catch (ConditionTimeoutException ex) {
			echod.close();
			throw ex;
		}
	}

	@Test
	void adminApiOverTls() throws Exception {
		Needs.program("curl");
		Needs.program("openssl");
		for (String command : commands(ADMIN, "openssl ")) {
			run(command);
		}
		Files.writeString(this.folder.resolve("application.yml"),
				inFolder(String.join("---\n", Readme.blocks(ADMIN, "yaml"))));
		List<String> calls = commands(ADMIN, "curl ");
		assertThat(calls).hasSize(2);
		try (EchodProcess echod = start(
				List.of("--spring.config.additional-location=file:%s/".formatted(this.folder)))) {
			assertThat(echod.output()).contains("path /actuator, by https: ", "; certificates are taken");
			for (String call : calls) {
				assertThat(run(call.replace("127.0.0.1:8081", "127.0.0.1:" + echod.adminPort()))).as(call)
					.contains("\"state\":\"ACCEPTING\"");
			}
		}
	}

	/**
	 * One service with what both sections give to it.
	 */
	@Test
	void listenersWithTlsAndProxyHeaders() throws Exception {
		Needs.program("openssl");
		Needs.program("nc");
		run(commands(TLS, "openssl ").getFirst());
		Files.writeString(this.folder.resolve("tls.yml"),
				inFolder(Readme.blocks(TLS, "yaml").getFirst()).replace("8443", "0"));
		Files.writeString(this.folder.resolve("application.yml"), Readme.blocks(PROXY, "yaml").getFirst());
		List<String> arguments = new ArrayList<>(Readme.arguments(PROXY));
		Readme.arguments(TLS).forEach((argument) -> arguments.add(inFolder(argument)));
		arguments.add("--spring.config.additional-location=file:%s/".formatted(this.folder));
		try (EchodProcess echod = start(arguments)) {
			String secured = String.valueOf(echod.port("secured"));
			assertThat(run(commands(TLS, "java ").getLast().replace("8443", secured))).contains("echoed 1 x 4 bytes");
			Dialogue dialogue = Readme.dialogues(PROXY).getFirst();
			assertThat(run(dialogue.command().replace("127.0.0.1 8080", "127.0.0.1 " + echod.port())))
				.isEqualTo(dialogue.answer().strip());
		}
	}

	@Test
	void limitsAndDeadPeers() throws Exception {
		Needs.program("curl");
		Needs.program("nc");
		Needs.program("ss");
		Files.writeString(this.folder.resolve("application.yml"), Readme.blocks(DEAD_PEERS, "yaml").getFirst());
		try (EchodProcess echod = start(List.of("--spring.config.additional-location=file:%s/".formatted(this.folder)));
				TestClient client = new TestClient(echod.port())) {
			assertThat(client.send(new byte[] { 1 }).receive(1)).hasSize(1);
			assertThat(run(commands(DEAD_PEERS, "ss ").getFirst().replace(":8080", ":" + echod.port())))
				.containsPattern("timer:\\(keepalive,(1\\d|20)sec,0\\)");
			List<String> answers = new ArrayList<>();
			for (String command : commands(LIMITS, "")) {
				answers.add(run(command.replace("127.0.0.1:8081", "127.0.0.1:" + echod.adminPort())
					.replace("127.0.0.1 8080", "127.0.0.1 " + echod.port())));
			}
			assertThat(answers).hasSize(3);
			assertThat(answers.getFirst()).contains("\"idle\":\"PT1S\"");
			assertThat(answers.getLast()).contains("\"reason\":\"IDLE_TIMEOUT\"");
		}
	}

}
