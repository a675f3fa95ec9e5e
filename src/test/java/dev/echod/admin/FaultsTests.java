package dev.echod.admin;

import java.net.http.HttpResponse;
import java.util.List;

import ch.qos.logback.classic.Level;
import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.LogCapture;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the admin API answers when it fails itself.
 */
class FaultsTests extends StartedService {

	@Autowired
	@SuppressWarnings("NullAway.Init")
	private BrokenParts parts;

	private void assertTold(HttpResponse<String> response, List<String> lines) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(500);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(JsonPath.<Integer>read(response.body(), "$.status")).isEqualTo(500);
		assertThat(JsonPath.<String>read(response.body(), "$.detail"))
			.isEqualTo("The service failed to do this, and its log says why");
		assertThat(response.body()).doesNotContain("hidden", "Exception", "requestId");
		assertThat(lines).singleElement().asString().contains("GET /actuator/info failed");
	}

	@Test
	void endpointThatFailsIsAProblemAndLoggedOnce() throws Exception {
		try (LogCapture log = new LogCapture()) {
			this.parts.breakInfo(new IllegalStateException("hidden"));
			assertTold(this.admin.call(VIEWER, "GET", "info", ""), log.atLeast(Level.WARN));
		}
		assertThat(this.admin.call(VIEWER, "GET", "info", "").statusCode()).isEqualTo(200);
	}

	@Test
	void errorOfAnEndpointIsAProblemAndLoggedOnce() throws Exception {
		try (LogCapture log = new LogCapture()) {
			this.parts.breakInfo(new AssertionError("hidden"));
			assertTold(this.admin.call(VIEWER, "GET", "info", ""), log.atLeast(Level.WARN));
		}
	}

	/**
	 * As browsers ask, to whom Boot answers with a page.
	 */
	@Test
	void filterThatFailsIsAProblemAndLoggedOnce() throws Exception {
		try (LogCapture log = new LogCapture()) {
			assertTold(this.admin.call(NOBODY, "GET", "info", "", BrokenParts.HEADER, "hidden", "Accept", "text/html"),
					log.atLeast(Level.WARN));
		}
	}

	@Test
	void refusalOfAFilterIsAProblemAndNotLogged() throws Exception {
		try (LogCapture log = new LogCapture()) {
			HttpResponse<String> response = this.admin.call(NOBODY, "GET", "info", "", BrokenParts.REFUSAL_HEADER,
					"409");
			assertThat(response.statusCode()).isEqualTo(409);
			assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(JsonPath.<String>read(response.body(), "$.detail")).isEqualTo("as asked");
			assertThat(log.atLeast(Level.WARN)).isEmpty();
		}
	}

}
