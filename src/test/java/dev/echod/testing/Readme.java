package dev.echod.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The README's code blocks, for tests to run as they stand there.
 */
public final class Readme {

	private static final String FENCE = "```";

	private static final Pattern NAME = Pattern.compile("`([^`]+)`");

	private Readme() {
	}

	/**
	 * The blocks of this language in the section with this heading, without those of the
	 * sections after it.
	 * @param heading such as {@code ## On call}
	 */
	public static List<String> blocks(String heading, String language) throws IOException {
		List<String> blocks = new ArrayList<>();
		StringBuilder block = null;
		for (String line : section(heading)) {
			if (block == null && line.equals(FENCE + language)) {
				block = new StringBuilder();
			}
			else if (block != null && line.equals(FENCE)) {
				blocks.add(block.toString());
				block = null;
			}
			else if (block != null) {
				block.append(line).append('\n');
			}
		}
		assertThat(blocks).as("%s of '%s'", language, heading).isNotEmpty();
		return blocks;
	}

	/**
	 * The names in backticks in the first column of the tables in the section with this
	 * heading.
	 */
	public static List<String> names(String heading) throws IOException {
		return section(heading).stream()
			.filter((line) -> line.startsWith("| `"))
			.map((line) -> line.substring(0, line.indexOf('|', 1)))
			.flatMap((cell) -> NAME.matcher(cell).results().map((name) -> name.group(1)))
			.toList();
	}

	private static List<String> section(String heading) throws IOException {
		List<String> lines = Files.readAllLines(Path.of("README.md"));
		int start = lines.indexOf(heading);
		assertThat(start).as(heading).isNotNegative();
		String sameLevel = heading.substring(0, heading.indexOf(' ') + 1);
		return lines.stream().skip(start + 1L).takeWhile((line) -> !line.startsWith(sameLevel)).toList();
	}

}
