package dev.echod;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

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

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '|',
			value = { "nonsense;Unmatched argument at index 0: 'nonsense' (see 'echod --help')",
					"probe 127.0.0.1:1 --timeout 500;'500' is not a time with its unit, such as 90s, 500ms or PT1M30S",
					"probe 127.0.0.1;'127.0.0.1' is not HOST:PORT (see 'echod probe --help')",
					"probe [::1]:x;'[::1]:x' is not HOST:PORT, the port is no number (see 'echod probe --help')",
					"probe;Missing required parameter: 'HOST:PORT' (see 'echod probe --help')",
					"prob 127.0.0.1:1;Unmatched arguments from index 0: 'prob', '127.0.0.1:1' (see 'echod --help')",
					"probe 127.0.0.1:1 --count 0;127.0.0.1:1 failed: ",
					"probe unknown.invalid:7;unknown.invalid:7 failed: " })
	void whatFailsOrIsNotUnderstoodIsOneSentence(String line, String sentence, CapturedOutput output) {
		assertThat(EchodCommand.execute(line.split(" "))).isOne();
		assertThat(output.getErr()).contains(sentence).hasLineCount(1);
	}

}
