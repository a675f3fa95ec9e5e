package dev.echod.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The README's table of meters is the catalogue.
 */
class MeterCatalogueTests {

	@Test
	void readmeListsEachMeter() throws IOException {
		List<String> rows = Files.readAllLines(Path.of("README.md"))
			.stream()
			.dropWhile((line) -> !line.startsWith("| meter |"))
			.skip(2)
			.takeWhile((line) -> line.startsWith("|"))
			.toList();
		assertThat(rows).containsExactlyElementsOf(Arrays.stream(Meters.values())
			.map((meter) -> "| `%s` | %s | %s | %s |".formatted(meter.meterName(),
					Objects.requireNonNullElse(meter.unit(), "–"), tags(meter), meter.description()))
			.toList());
	}

	private static String tags(Meters meter) {
		return meter.tags().isEmpty() ? "–" : "`" + String.join("`, `", meter.tags()) + "`";
	}

}
