package dev.echod.admin;

import java.nio.charset.StandardCharsets;

import ch.qos.logback.classic.Level;
import dev.echod.testing.LogCapture;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What HTTP does not allow, from whoever can connect.
 */
@AdminApi
class UnreadableRequestsTests {

	@Value("${local.server.port}")
	private int adminPort;

	@Test
	void requestThatCannotBeReadFillsNoLog() throws Exception {
		String request = "GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted("a".repeat(5_000));
		try (LogCapture log = new LogCapture(); TestClient client = new TestClient(this.adminPort)) {
			client.send(request.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(client.receive(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 414");
			assertThat(log.atLeast(Level.INFO)).noneMatch((line) -> line.startsWith("reactor.netty"));
		}
	}

}
