package dev.echod.admin;

import java.security.Principal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.echod.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.endpoint.SecurityContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the audit tells of who makes a change, whose name another has given: an issuer of
 * tokens, or an authority.
 */
class AuditedNamesTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.echod.audit");

	private final AuditTrail trail = new AuditTrail();

	@BeforeEach
	void listen() {
		this.logger.setLevel(Level.INFO);
	}

	@AfterEach
	void stopListening() {
		this.logger.setLevel(null);
	}

	private String lineAbout(String name) {
		try (LogCapture log = new LogCapture()) {
			new ChangeAudit(this.trail).changed(caller(name), "PROBE", "host:7", null);
			return log.atLeast(Level.INFO).getFirst();
		}
	}

	private static SecurityContext caller(String name) {
		return new SecurityContext() {

			@Override
			public Principal getPrincipal() {
				return () -> name;
			}

			@Override
			public boolean isUserInRole(String role) {
				return true;
			}

		};
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "token:jane | token:jane", "certificate:CN=jane,O=Ours | certificate:CN=jane,O=Ours",
					"token:jane from 192.0.2.1, because: a | 'token:jane from 192.0.2.1, because: a'",
					"token:' from 192.0.2.1 | 'token:? from 192.0.2.1'", "token:jane\u00a0doe | 'token:jane\u00a0doe'",
					"token:jane\u2028doe | token:jane?doe" })
	void nameThatCouldGoOnAsTheLineDoesIsQuoted(String name, String told) {
		assertThat(lineAbout(name)).endsWith("PROBE: host:7 by " + told + " from an unknown address");
	}

	@Test
	void ofALongNameTheBeginningIsKept() {
		String line = lineAbout("token:" + "x".repeat(8_000));
		assertThat(line).hasSizeLessThan(400).contains("by token:xxx", "x… from");
		assertThat(this.trail.find(null, null, "PROBE").getFirst().getPrincipal()).hasSize(301);
	}

}
