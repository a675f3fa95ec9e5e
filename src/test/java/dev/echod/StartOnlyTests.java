package dev.echod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the image's Java is told not to compile: a name that Java or Spring has given up
 * would be passed over in silence.
 */
class StartOnlyTests {

	private static final Pattern EXCLUDE = Pattern.compile("exclude ([\\w.$]+)::(\\w*)(\\*?)");

	@ParameterizedTest
	@MethodSource
	void commandsNameWhatIsThere(String command) throws ClassNotFoundException {
		Matcher matcher = EXCLUDE.matcher(command);
		assertThat(matcher.matches()).isTrue();
		String name = matcher.group(2);
		assertThat(Arrays.stream(Class.forName(matcher.group(1)).getDeclaredMethods()))
			.anyMatch((method) -> matcher.group(3).isEmpty() ? method.getName().equals(name)
					: method.getName().startsWith(name));
	}

	static Stream<String> commandsNameWhatIsThere() throws IOException {
		return Files.readAllLines(Path.of("src/main/jib/app/start-only"))
			.stream()
			.filter((line) -> !line.startsWith("#") && !line.equals("quiet"));
	}

}
