package dev.echod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.echod.testing.Readme;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A block that nobody runs is right only until something changes: each section with
 * commands or configuration is named by a test that runs them.
 */
class ReadmeBlocksTests {

	/**
	 * Languages of what is run or configured.
	 */
	private static final Set<String> RUN = Set.of("sh", "console", "yaml", "haproxy", "nginx", "ini");

	/**
	 * Sections whose commands a script runs, as they take what a test has not: Maven, a
	 * container engine. Those of Kubernetes want a cluster; Helm renders the chart in
	 * tests of its own.
	 */
	private static final Map<String, String> SCRIPTS = Map.of("## The image", ".ci/image", "## Side by side",
			"src/bench/java/dev/echod/bench/BenchmarkIT.java", "## A hundred thousand connections",
			"src/bench/hundred-thousand", "## Kubernetes", "src/test/java/dev/echod/chart/ChartTests.java");

	@Test
	void eachBlockIsRun() throws IOException {
		List<String> tests = tests();
		Set<String> notRun = new TreeSet<>();
		for (Path page : Readme.pages()) {
			List<String> sections = new ArrayList<>();
			boolean block = false;
			for (String line : Files.readAllLines(page)) {
				if (line.startsWith("```")) {
					block = !block;
					if (block && RUN.contains(line.substring(3))
							&& sections.stream().noneMatch((section) -> isRun(section, line.substring(3), tests))) {
						notRun.add("%s of '%s' in %s".formatted(line.substring(3), sections.getLast(), page));
					}
				}
				else if (!block && line.matches("#+ .*")) {
					// The README's title is no section of the whole of it.
					sections.removeIf(
							(section) -> page.equals(Readme.FIRST_PAGE) || section.indexOf(' ') >= line.indexOf(' '));
					sections.add(line);
				}
			}
		}
		assertThat(notRun).isEmpty();
	}

	private static boolean isRun(String section, String language, List<String> tests) {
		return SCRIPTS.containsKey(section)
				|| tests.stream().anyMatch((test) -> test.contains("\"" + section + "\"") && reads(test, language));
	}

	private static boolean reads(String test, String language) {
		return switch (language) {
			case "console" -> test.contains("Readme.dialogues(");
			case "sh" -> test.contains("\"sh\"") || test.contains("Readme.arguments(");
			default -> test.contains("\"" + language + "\"");
		};
	}

	@Test
	void scriptsAreThere() {
		assertThat(SCRIPTS.values()).allSatisfy((script) -> assertThat(Path.of(script)).exists());
	}

	private static List<String> tests() throws IOException {
		List<String> tests = new ArrayList<>();
		try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
			for (Path file : files.filter((each) -> each.toString().endsWith(".java")).toList()) {
				if (!file.endsWith("ReadmeBlocksTests.java")) {
					tests.add(Files.readString(file));
				}
			}
		}
		return tests;
	}

}
