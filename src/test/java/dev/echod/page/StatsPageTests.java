package dev.echod.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.echod.connection.CloseReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the sources of the stats page keep to.
 */
class StatsPageTests {

	private static final Path SOURCES = Path.of("src/main/resources/stats");

	private static final int MOST_LINES = 250;

	@Test
	void textsAreNeverMarkup() throws IOException {
		assertThat(sources(".js")).hasSizeGreaterThan(20)
			.allSatisfy((module) -> assertThat(text(module)).as(module.toString())
				.doesNotContainPattern(
						"innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\b|new Function"));
	}

	@Test
	void nothingIsInline() throws IOException {
		assertThat(sources(".html")).hasSize(2)
			.allSatisfy((page) -> assertThat(text(page)).as(page.toString())
				.doesNotContainPattern("<script>|<style|\\bstyle=|\\bon\\w+=|https?:"));
	}

	@Test
	void whatIsNamedIsThere() throws IOException {
		Pattern named = Pattern.compile("\"assets/([^\"]+)\"|from '\\./([^']+)'");
		assertThat(Stream.concat(sources(".html").stream(), sources(".js").stream())
			.flatMap((file) -> named.matcher(text(file)).results())
			.map(StatsPageTests::name)
			// The build puts it there.
			.filter((name) -> !name.equals("chart.umd.js"))).isNotEmpty()
			.allSatisfy((name) -> assertThat(SOURCES.resolve(name)).exists());
	}

	private static String name(MatchResult found) {
		return (found.group(1) != null) ? found.group(1) : found.group(2);
	}

	@Test
	void reasonsToChooseFromAreThoseOfTheService() throws IOException {
		String list = Files.readString(SOURCES.resolve("closed.js"))
			.replaceFirst("(?s).*const REASONS = \\[(.*?)\\].*", "$1");
		assertThat(list.split("[,'\\s]+")).filteredOn((name) -> !name.isEmpty())
			.containsExactly(Stream.of(CloseReason.values()).map(Enum::name).toArray(String[]::new));
	}

	@Test
	void noSourceFileIsTooLong() throws IOException {
		assertThat(sources("")).allSatisfy((source) -> assertThat(text(source).lines().count()).as(source.toString())
			.isLessThanOrEqualTo(MOST_LINES));
	}

	private static List<Path> sources(String ending) throws IOException {
		try (Stream<Path> files = Files.list(SOURCES)) {
			return files.filter((file) -> file.toString().endsWith(ending)).toList();
		}
	}

	private static String text(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
