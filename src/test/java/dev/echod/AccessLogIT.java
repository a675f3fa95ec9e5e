package dev.echod;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The access log of the packaged service, as it is written.
 */
class AccessLogIT {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	/**
	 * Two outputs of one service: what is printed, and a file.
	 */
	@ParameterizedTest
	@CsvSource({ "text,ecs", "logstash,gelf" })
	void eachFormatHasEachField(String console, String file) throws Exception {
		Path log = this.directory.resolve("echod.log");
		List<String> arguments = new ArrayList<>(List.of("--echod.access-log=closed", "--logging.file.name=" + log,
				"--logging.structured.format.file=" + file));
		if (!console.equals("text")) {
			arguments.add("--logging.structured.format.console=" + console);
		}
		try (EchodProcess service = EchodProcess.service(arguments.toArray(String[]::new))) {
			byte[] message = { 'p', 'i', 'n', 'g' };
			try (TestClient client = new TestClient(service.port())) {
				assertThat(client.send(message).sendFin().receiveToEnd()).isEqualTo(message);
			}
			// The last connection's line is written before the end.
			service.terminate();
			assertThat(service.awaitExit()).isZero();
			assertLine(console, service.output(), service.port());
			assertLine(file, Files.readString(log), service.port());
		}
	}

	private static void assertLine(String format, String output, int port) {
		assertThat(output.lines().filter((line) -> line.contains("echo-1 closed: "))).singleElement()
			.satisfies((line) -> {
				switch (format) {
					case "text" -> assertThat(line).contains(" INFO ", "dev.echod.access",
							"PEER_CLOSED (PEER_FIN first) after ", " s, 4 bytes received, 4 sent, 1 messages");
					case "ecs" -> assertFields(line, "$.echod.%s", port);
					case "logstash" -> assertFields(line, "$['echod.%s']", port);
					default -> assertFields(line, "$['_echod.%s']", port);
				}
			});
	}

	/**
	 * Where each format puts the key-value pairs of a line.
	 */
	private static void assertFields(String line, String path, int port) {
		Map<String, Object> expected = Map.ofEntries(Map.entry("event", "closed"), Map.entry("id", "echo-1"),
				Map.entry("listener", "echo"), Map.entry("local", "127.0.0.1:" + port),
				Map.entry("concurrency", "event-loop"), Map.entry("framing", "stream"), Map.entry("service", "echo"),
				Map.entry("bytesReceived", 4), Map.entry("bytesSent", 4), Map.entry("messages", 1),
				Map.entry("reason", "PEER_CLOSED"), Map.entry("firstSignal", "PEER_FIN"));
		expected.forEach(
				(name, value) -> assertThat(JsonPath.<Object>read(line, path.formatted(name))).as(name + " in " + line)
					.isEqualTo(value));
		for (String name : List.of("peer", "openedAt", "durationSeconds", "roundTripSeconds", "retransmissions")) {
			assertThat(JsonPath.<Object>read(line, path.formatted(name))).as(name + " in " + line).isNotNull();
		}
	}

}
