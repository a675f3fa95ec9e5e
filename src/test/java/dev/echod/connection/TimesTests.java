package dev.echod.connection;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TimesTests {

	@ParameterizedTest
	@CsvSource({ "90s, PT1M30S", "500ms, PT0.5S", "PT1M30S, PT1M30S", "2h, PT2H", "0, PT0S", "0s, PT0S", "00, PT0S",
			"' 5s ', PT5S" })
	void timesHaveUnits(String text, Duration time) {
		assertThat(Times.parse(text)).isEqualTo(time);
	}

	@ParameterizedTest
	@ValueSource(strings = { "30", "+30", "-30", "1.5", "", "soon", "5 parsecs", "-5s", "PT-5S" })
	void whatHasNoneIsNoTime(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Times.parse(text));
	}

	@ParameterizedTest
	@CsvSource({ "PT1M30S, 90", "PT0.25S, 0.25", "PT0S, 0" })
	void timesAreNumbersOfSecondsForPrograms(Duration time, double seconds) {
		assertThat(Times.seconds(time)).isEqualTo(seconds);
	}

}
