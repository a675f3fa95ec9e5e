package dev.echod;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A class has one job, and no more lines than that takes.
 */
class SourceSizeTests {

	private static final int MOST_LINES = 300;

	@Test
	void noSourceFileIsTooLong() throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			List<Path> sources = files.filter((file) -> file.toString().endsWith(".java")).toList();
			assertThat(sources).hasSizeGreaterThan(100)
				.allSatisfy(
						(source) -> assertThat(lines(source)).as(source.toString()).isLessThanOrEqualTo(MOST_LINES));
		}
	}

	private static long lines(Path source) {
		try (Stream<String> lines = Files.lines(source)) {
			return lines.count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
