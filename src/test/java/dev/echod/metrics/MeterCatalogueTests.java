package dev.echod.metrics;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;

import dev.echod.testing.Readme;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The documented table of meters is the catalogue.
 */
class MeterCatalogueTests {

	@Test
	void readmeListsEachMeter() throws IOException {
		assertThat(Readme.rows("meter")).containsExactlyElementsOf(Arrays.stream(Meters.values())
			.map((meter) -> "| `%s` | %s | %s | %s |".formatted(meter.meterName(),
					Objects.requireNonNullElse(meter.unit(), "–"), tags(meter), meter.description()))
			.toList());
	}

	private static String tags(Meters meter) {
		return meter.tags().isEmpty() ? "–" : "`" + String.join("`, `", meter.tags()) + "`";
	}

}
