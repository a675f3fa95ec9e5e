package dev.echod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.echod.testing.Chart;
import dev.echod.testing.Readme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whoever reads the README finds each page, and each link of a page leads somewhere.
 */
class ReadmeLinksTests {

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$|`[^`\n]*`");

	static List<Path> pages() throws IOException {
		List<Path> pages = new ArrayList<>(Readme.pages());
		pages.add(Chart.FOLDER.resolve("README.md"));
		return pages;
	}

	static List<Path> longPages() throws IOException {
		return pages().stream().skip(1).toList();
	}

	private static List<String> links(Path page) throws IOException {
		String text = CODE.matcher(Files.readString(page)).replaceAll("");
		return LINK.matcher(text).results().map((link) -> link.group(1)).toList();
	}

	@ParameterizedTest
	@MethodSource("pages")
	void eachLinkLeadsSomewhere(Path page) throws IOException {
		for (String link : links(page)) {
			if (link.startsWith("https://")) {
				continue;
			}
			int mark = link.indexOf('#');
			String file = mark < 0 ? link : link.substring(0, mark);
			Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
			assertThat(target).as("%s of %s", link, page).exists();
			if (mark >= 0) {
				assertThat(anchors(target)).as("%s of %s", link, page).containsOnlyOnce(link.substring(mark));
			}
		}
	}

	@Test
	void readmeLeadsToEachPage() throws IOException {
		List<Path> reached = links(Readme.FIRST_PAGE).stream()
			.map((link) -> Path.of(link.replaceFirst("#.*", "")))
			.toList();
		assertThat(reached).containsAll(Readme.pages().stream().skip(1).toList());
	}

	/**
	 * A page begins with the names of its sections. The README is short enough without.
	 */
	@ParameterizedTest
	@MethodSource("longPages")
	void contentsAreComplete(Path page) throws IOException {
		List<String> sections = Readme.headings(page).stream().filter((heading) -> heading.startsWith("## ")).toList();
		List<String> contents = Files.readAllLines(page)
			.stream()
			.takeWhile((line) -> !sections.contains(line))
			.filter((line) -> line.startsWith("- ["))
			.toList();
		assertThat(contents).isEqualTo(sections.stream()
			.map((section) -> "- [%s](%s)".formatted(section.substring("## ".length()), anchor(section)))
			.toList());
	}

	private static List<String> anchors(Path page) throws IOException {
		return Readme.headings(page).stream().map(ReadmeLinksTests::anchor).toList();
	}

	/**
	 * As GitHub, GitLab and Gitea make it.
	 */
	private static String anchor(String heading) {
		return "#" + heading.replaceFirst("#+ ", "")
			.toLowerCase(Locale.ROOT)
			.replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
			.replace(' ', '-');
	}

}
