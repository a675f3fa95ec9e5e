package dev.echod.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The README with its pages, for tests to run their blocks as they stand there, and to
 * hold their tables to the code.
 */
public final class Readme {

	/**
	 * The page that a newcomer reads.
	 */
	public static final Path FIRST_PAGE = Path.of("README.md");

	/**
	 * Where the others are.
	 */
	public static final Path FOLDER = Path.of("src/docs");

	private static final String FENCE = "```";

	private static final String JAR = "-jar target/echod.jar ";

	private static final Pattern HEADING = Pattern.compile("(#+) .*");

	private static final Pattern NAME = Pattern.compile("`([^`]+)`");

	private Readme() {
	}

	/**
	 * The README, and then the others.
	 */
	public static List<Path> pages() throws IOException {
		try (Stream<Path> others = Files.list(FOLDER)) {
			return Stream
				.concat(Stream.of(FIRST_PAGE), others.filter((file) -> file.toString().endsWith(".md")).sorted())
				.toList();
		}
	}

	/**
	 * The lines of all pages.
	 */
	public static List<String> lines() throws IOException {
		List<String> lines = new ArrayList<>();
		for (Path page : pages()) {
			lines.addAll(Files.readAllLines(page));
		}
		return lines;
	}

	/**
	 * The blocks of this language in the section with this heading, and in the sections
	 * within it.
	 * @param heading such as {@code ## On call}, of one section of all pages
	 */
	public static List<String> blocks(String heading, String language) throws IOException {
		return blocks(section(pages(), heading), heading, language);
	}

	private static List<String> blocks(List<String> section, String heading, String language) {
		List<String> blocks = new ArrayList<>();
		StringBuilder block = null;
		for (String line : section) {
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
	 * The blocks of this language in the section with this heading of one page.
	 */
	public static List<String> blocks(Path page, String heading, String language) throws IOException {
		return blocks(section(List.of(page), heading), heading, language);
	}

	/**
	 * What somebody types in the section with this heading, and what is answered.
	 */
	public static List<Dialogue> dialogues(String heading) throws IOException {
		List<Dialogue> dialogues = new ArrayList<>();
		for (String line : blocks(heading, "console").stream().flatMap(String::lines).toList()) {
			if (line.startsWith("$ ")) {
				dialogues.add(new Dialogue(line.substring(2), ""));
			}
			else {
				Dialogue last = dialogues.removeLast();
				dialogues.add(new Dialogue(last.command(), last.answer() + line + "\n"));
			}
		}
		return dialogues;
	}

	/**
	 * What the service is given in the first command that starts it in the section with
	 * this heading.
	 */
	public static List<String> arguments(String heading) throws IOException {
		return blocks(heading, "sh").stream()
			.flatMap(String::lines)
			.filter((line) -> line.contains(JAR))
			.limit(1)
			.flatMap((command) -> Stream.of(command.replaceFirst(".*" + JAR, "").split(" ")))
			.toList();
	}

	/**
	 * The names in backticks in the first column of the tables in the section with this
	 * heading.
	 */
	public static List<String> names(String heading) throws IOException {
		return section(pages(), heading).stream()
			.filter((line) -> line.startsWith("| `"))
			.map((line) -> line.substring(0, line.indexOf('|', 1)))
			.flatMap((cell) -> NAME.matcher(cell).results().map((name) -> name.group(1)))
			.toList();
	}

	/**
	 * The rows of the one table whose first column has this title.
	 */
	public static List<String> rows(String title) throws IOException {
		String head = "| " + title + " |";
		List<String> lines = lines();
		assertThat(lines.stream().filter((line) -> line.startsWith(head))).as(head).hasSize(1);
		return lines.stream()
			.dropWhile((line) -> !line.startsWith(head))
			.skip(2)
			.takeWhile((line) -> line.startsWith("|"))
			.toList();
	}

	/**
	 * The headings of a page, with their marks.
	 */
	public static List<String> headings(Path page) throws IOException {
		List<String> headings = new ArrayList<>();
		boolean block = false;
		for (String line : Files.readAllLines(page)) {
			block ^= line.startsWith(FENCE);
			if (!block && HEADING.matcher(line).matches()) {
				headings.add(line);
			}
		}
		return headings;
	}

	private static List<String> section(List<Path> pages, String heading) throws IOException {
		List<String> section = new ArrayList<>();
		int found = 0;
		for (Path page : pages) {
			boolean block = false;
			boolean within = false;
			for (String line : Files.readAllLines(page)) {
				block ^= line.startsWith(FENCE);
				if (!block && isNoDeeper(line, heading)) {
					within = line.equals(heading);
					found += within ? 1 : 0;
				}
				else if (within) {
					section.add(line);
				}
			}
		}
		assertThat(found).as("sections '%s'", heading).isEqualTo(1);
		return section;
	}

	private static boolean isNoDeeper(String line, String heading) {
		Matcher matcher = HEADING.matcher(line);
		return matcher.matches() && matcher.group(1).length() <= heading.indexOf(' ');
	}

	/**
	 * A command, and what it writes.
	 *
	 * @param command without the prompt
	 * @param answer lines, each with its end
	 */
	public record Dialogue(String command, String answer) {
	}

}
