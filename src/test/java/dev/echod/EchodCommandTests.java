package dev.echod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.TlsDetails;
import dev.echod.listener.TestListener;
import dev.echod.testing.TestCertificates;
import dev.echod.tls.ReloadedBundles;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The commands, as people call them.
 */
@ExtendWith(OutputCaptureExtension.class)
class EchodCommandTests {

	/**
	 * A command is silent but for its own lines; what runs after it here is not.
	 */
	@AfterAll
	static void logAgain() {
		LoggingSystem.get(EchodCommand.class.getClassLoader())
			.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.INFO);
	}

	@ParameterizedTest
	@CsvSource({ "--help, true", "-h, true", "--version, true", "-V, true", "probe, true", "nonsense, true",
			"--echod.transport=nio, false", "--debug, false", "--echod.transport=nio --help, true",
			"--debug --echod.transport=nio -V, true", "--echod.transport=nio --server.port=0, false" })
	void commandsAreToldFromProperties(String line, boolean command) {
		assertThat(EchodCommand.isCommand(line.split(" "))).isEqualTo(command);
	}

	@ParameterizedTest
	@ValueSource(strings = { "--help", "-h", "--echod.transport=nio --help", "--help --debug", "-h --debug" })
	void helpIsUsage(String line, CapturedOutput output) {
		assertThat(EchodCommand.execute(line.split(" "))).isZero();
		assertThat(output.getOut()).contains("echod [--PROPERTY=VALUE]...", "probe",
				"--echod.listeners.echo.port=7777");
		assertThat(output.getErr()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "--version", "--echod.transport=nio -V" })
	void versionIsTheBuilds(String line, CapturedOutput output) {
		assertThat(EchodCommand.execute(line.split(" "))).isZero();
		assertThat(output.getOut()).startsWith("echod ");
	}

	@Test
	void shellIsToldOfTheCommandsAndTheirOptions(CapturedOutput output) {
		assertThat(EchodCommand.execute("generate-completion")).isZero();
		assertThat(output.getOut()).contains("complete -F _complete_echod", "--proxy-protocol", "--payload");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '|',
			value = { "nonsense;Unmatched argument at index 0: 'nonsense' (see 'echod --help')",
					"probe 127.0.0.1:1 --timeout 500;'500' is not a time with its unit, such as 90s, 500ms or PT1M30S",
					"probe 127.0.0.1;'127.0.0.1' is not HOST:PORT (see 'echod probe --help')",
					"probe [::1]:x;'[::1]:x' is not HOST:PORT, the port is no number (see 'echod probe --help')",
					"probe;Missing required parameter: 'HOST:PORT' (see 'echod probe --help')",
					"prob 127.0.0.1:1;Unmatched arguments from index 0: 'prob', '127.0.0.1:1' (see 'echod --help')",
					"probe 127.0.0.1:1 --count 0;127.0.0.1:1 failed: ",
					"train now;Unmatched argument at index 1: 'now' (see 'echod train --help')",
					"probe unknown.invalid:7;unknown.invalid:7 failed: " })
	void whatFailsOrIsNotUnderstoodIsOneSentence(String line, String sentence, CapturedOutput output) {
		assertThat(EchodCommand.execute(line.split(" "))).isOne();
		assertThat(output.getErr()).contains(sentence).hasLineCount(1);
	}

	@Nested
	class ProbeByTls {

		private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

		private final ReloadedBundles bundles = new ReloadedBundles();

		@TempDir
		@SuppressWarnings("NullAway.Init")
		private Path folder;

		@SuppressWarnings("NullAway.Init")
		private TestListener server;

		@BeforeEach
		void start() throws IOException {
			this.bundles.registerBundle("web",
					TestCertificates.bundle(AUTHORITY.server("echo.example.org"), AUTHORITY));
			this.server = TestListener.start(this.bundles, "tls.bundle=web", "tls.client-auth=want");
			TestCertificates.write(AUTHORITY.client("prober"), this.folder);
			Files.writeString(this.folder.resolve("ca.crt"), AUTHORITY.pem());
		}

		@AfterEach
		void stop() {
			this.server.close();
		}

		/**
		 * Probes with these options, whose files are in the folder.
		 */
		private int probe(String options) {
			return EchodCommand.execute("probe 127.0.0.1:%d %s".formatted(this.server.port(), options)
				.replaceAll("\\S+\\.(crt|key)", this.folder + "/$0")
				.split(" "));
		}

		private TlsDetails served() {
			ConnectionRegistry registry = this.server.registry();
			await().until(() -> !registry.closedConnections().isEmpty());
			ClosedConnection closed = registry.closedConnections().getFirst();
			assertThat(closed.reason()).isEqualTo(CloseReason.PEER_CLOSED);
			return Objects.requireNonNull(closed.endpoints().tls());
		}

		@ParameterizedTest
		@CsvSource({ "--tls --tls-ca ca.crt, ,", "--tls-ca ca.crt, ,",
				"--tls-ca ca.crt --tls-cert tls.crt --tls-key tls.key, , CN=prober",
				"--tls-ca ca.crt --sni echo.example.org, echo.example.org," })
		void serverThatIsTrustedEchoes(String options, @Nullable String serverName, @Nullable String subject,
				CapturedOutput output) {
			assertThat(probe(options)).as(output.getErr()).isZero();
			assertThat(output.getOut()).contains("echoed 1 x 4 bytes");
			assertThat(served()).returns(serverName, TlsDetails::serverName)
				.returns(subject, TlsDetails::clientSubject);
		}

		@ParameterizedTest
		@CsvSource({ "--tls, unable to find valid certification path",
				"--sni echo.example.org, unable to find valid certification path",
				"--tls-ca tls.crt, unable to find valid certification path",
				"--tls-ca ca.crt --sni other.example.org, other.example.org",
				"--tls-ca ca.crt --tls-cert tls.crt, --tls-cert and --tls-key need each other",
				"--tls-ca ca.crt --tls-cert tls.crt --tls-key ca.crt, Missing private key",
				"--tls-ca none.crt, none.crt" })
		void serverThatIsNotAndWhatDoesNotFitIsOneSentence(String options, String sentence, CapturedOutput output) {
			assertThat(probe(options)).isOne();
			assertThat(output.getErr()).contains(sentence).hasLineCount(1);
		}

	}

}
