package dev.echod.aot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.PropertyResolver;

/**
 * What bean definitions were made from: all properties that were asked for, and what they
 * were.
 */
record Conditions(List<Condition> conditions) {

	static final String LOCATION = "META-INF/echod/conditions";

	/**
	 * Asked for, but it makes no difference: the admin API's port only to a second web
	 * server, which has a condition of its own, and the names only to names.
	 */
	private static final Set<String> NO_CONDITIONS = Set.of("server.port", "spring.application.name",
			"spring.application.pid", "spring.application.version");

	static Conditions of(Set<String> asked, PropertyResolver properties) {
		List<Condition> conditions = new ArrayList<>();
		for (String property : asked) {
			if (!NO_CONDITIONS.contains(property)) {
				conditions.add(new Condition(property, properties.getProperty(property)));
			}
		}
		return new Conditions(conditions);
	}

	/**
	 * Those of the build; null when nothing was made then.
	 */
	static @Nullable Conditions ofBuild() throws IOException {
		try (InputStream file = Conditions.class.getResourceAsStream("/" + LOCATION)) {
			return (file != null) ? parse(new String(file.readAllBytes(), StandardCharsets.UTF_8)) : null;
		}
	}

	static Conditions parse(String text) {
		return new Conditions(text.lines().map(Condition::parse).toList());
	}

	/**
	 * A property that is not what it was.
	 */
	Optional<String> changed(PropertyResolver properties) {
		return this.conditions.stream()
			.filter((condition) -> !condition.holds(properties))
			.map(Condition::property)
			.findFirst();
	}

	/**
	 * A line each, which {@link #parse} takes.
	 */
	@Override
	public String toString() {
		StringBuilder lines = new StringBuilder();
		this.conditions.forEach((condition) -> lines.append(condition).append('\n'));
		return lines.toString();
	}

	/**
	 * A property.
	 *
	 * @param value null when it was not set
	 */
	record Condition(String property, @Nullable String value) {

		static Condition parse(String line) {
			int end = line.indexOf('=');
			return (end >= 0) ? new Condition(line.substring(0, end), line.substring(end + 1))
					: new Condition(line, null);
		}

		boolean holds(PropertyResolver properties) {
			return Objects.equals(properties.getProperty(this.property), this.value);
		}

		@Override
		public String toString() {
			return (this.value != null) ? this.property + '=' + this.value : this.property;
		}

	}

}
