package dev.echod.admin;

import java.util.List;

import ch.qos.logback.classic.Level;
import dev.echod.testing.LogCapture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.endpoint.SecurityContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One change is one line, whatever a caller wrote.
 */
class ChangeAuditTests {

	private final ChangeAudit audit = new ChangeAudit(new AuditTrail());

	@ParameterizedTest
	@ValueSource(strings = { "\n", "\r", "\0", "\t", "\u001b", "\u007f", "\u0085", "\u009b", "\u00ad", "\u200b",
			"\u202e", "\u2028", "\u2029", "\ufeff" })
	void characterThatBreaksOrHidesALineIsReplaced(String character) {
		try (LogCapture log = new LogCapture()) {
			this.audit.changed(SecurityContext.NONE, "PROBE", "host" + character + "x", "why" + character + "not");
			this.audit.logRefused(
					List.of(new Refusal("anonymous", "GET /" + character, null, "is" + character + "wrong", 1)));
			assertThat(log.atLeast(Level.INFO)).containsExactly(
					"dev.echod.audit: PROBE: host?x by anonymous from an unknown address, because: why?not",
					"dev.echod.audit: REFUSED: GET /? by anonymous from an unknown address, because: is?wrong");
		}
	}

}
