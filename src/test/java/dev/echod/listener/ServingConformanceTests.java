package dev.echod.listener;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.echod.framing.Framing;
import dev.echod.testing.Readme;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What each way to serve promises, with each framing that it takes, and once behind a
 * proxy with TLS. What one does not hold is proven as well, and the documented table says
 * so.
 */
@ParameterizedClass
@MethodSource("kinds")
class ServingConformanceTests extends ServingConformance {

	static Stream<Kind> kinds() {
		return Stream.concat(plain(), plain().filter((kind) -> kind.framing() == Framing.STREAM && kind.takesMore())
			.map((kind) -> kind.with(Security.TLS_1_3, true)));
	}

	/**
	 * The table of what each holds, from what was found here.
	 */
	@AfterAll
	static void readmeTellsWhatIsNotHeld() throws IOException {
		List<String> rows = Readme.rows("promise");
		for (String promise : List.of(HALF_CLOSE, ORDER)) {
			String cells = Arrays.stream(Concurrency.values())
				.map((concurrency) -> broken.getOrDefault(concurrency, List.of()).contains(promise) ? "no" : "yes")
				.reduce("| " + promise, (row, cell) -> row + " | " + cell) + " |";
			assertThat(rows).contains(cells);
		}
	}

}
