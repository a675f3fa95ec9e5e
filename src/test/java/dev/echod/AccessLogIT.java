package dev.echod;

import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The access log of the packaged service, as it is written.
 */
class AccessLogIT {

	private static List<String> linesOf(EchodProcess service) throws Exception {
		byte[] message = { 'p', 'i', 'n', 'g' };
		try (TestClient client = new TestClient(service.port())) {
			assertThat(client.send(message).sendFin().receiveToEnd()).isEqualTo(message);
		}
		// The last connection's line is written before the end.
		service.terminate();
		assertThat(service.awaitExit()).isZero();
		return service.output().lines().filter((line) -> line.contains("echo-1 closed: ")).toList();
	}

	@Test
	void isReadAsText() throws Exception {
		try (EchodProcess service = EchodProcess.service("--echod.access-log=closed")) {
			assertThat(linesOf(service)).singleElement()
				.asString()
				.contains(" INFO ", "dev.echod.access", "PEER_CLOSED (PEER_FIN first) after ",
						" s, 4 bytes received, 4 sent, 1 messages");
		}
	}

	/**
	 * Where each format puts the key-value pairs of a line.
	 */
	@ParameterizedTest
	@CsvSource({ "ecs,$.echod.%s", "logstash,$['echod.%s']", "gelf,$['_echod.%s']" })
	void structuredFormatsHaveEachField(String format, String path) throws Exception {
		try (EchodProcess service = EchodProcess.service("--echod.access-log=closed",
				"--logging.structured.format.console=" + format)) {
			String line = linesOf(service).getFirst();
			Map<String, Object> expected = Map.ofEntries(Map.entry("event", "closed"), Map.entry("id", "echo-1"),
					Map.entry("listener", "echo"), Map.entry("local", "127.0.0.1:" + service.port()),
					Map.entry("concurrency", "event-loop"), Map.entry("framing", "stream"),
					Map.entry("service", "echo"), Map.entry("bytesReceived", 4), Map.entry("bytesSent", 4),
					Map.entry("messages", 1), Map.entry("reason", "PEER_CLOSED"), Map.entry("firstSignal", "PEER_FIN"));
			expected.forEach((name, value) -> assertThat(JsonPath.<Object>read(line, path.formatted(name)))
				.as(name + " in " + line)
				.isEqualTo(value));
			for (String name : List.of("peer", "openedAt", "durationSeconds", "roundTripSeconds", "retransmissions")) {
				assertThat(JsonPath.<Object>read(line, path.formatted(name))).as(name + " in " + line).isNotNull();
			}
		}
	}

}
