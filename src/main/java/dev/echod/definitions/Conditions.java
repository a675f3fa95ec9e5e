package dev.echod.definitions;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.PropertyResolver;
import org.springframework.util.PlaceholderResolutionException;

/**
 * What bean definitions were made from: the properties that were asked for, and what they
 * were.
 */
record Conditions(List<Property> properties) {

	static final String LOCATION = "META-INF/echod/conditions";

	/**
	 * Asked for, but they make no difference to definitions.
	 */
	private static final Set<String> NO_CONDITIONS = Set.of("spring.application.name", "spring.application.pid",
			"spring.application.version", "spring.main.banner-mode", "spring.main.log-startup-info");

	private static final String PORT = "server.port";

	/**
	 * As long as this is not set, there is one server, and its port makes no difference.
	 */
	private static final String PORT_OF_SECOND_SERVER = "management.server.port";

	static Conditions of(Set<String> asked, PropertyResolver resolver) {
		boolean oneServer = resolver.getProperty(PORT_OF_SECOND_SERVER) == null;
		List<Property> properties = new ArrayList<>();
		for (String name : asked) {
			if (!NO_CONDITIONS.contains(name) && !(oneServer && name.equals(PORT))) {
				properties.add(new Property(name, resolver.getProperty(name)));
			}
		}
		return new Conditions(properties);
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
		return new Conditions(text.lines().map(Property::parse).toList());
	}

	/**
	 * A line for each property, which {@link #parse} takes.
	 */
	String text() {
		return this.properties.stream().map((property) -> property.text() + '\n').collect(Collectors.joining());
	}

	/**
	 * The first property that is not what it was.
	 */
	Optional<String> firstChanged(PropertyResolver resolver) {
		return this.properties.stream()
			.filter((property) -> property.isChanged(resolver))
			.map(Property::name)
			.findFirst();
	}

	/**
	 * One of them.
	 *
	 * @param value null when it was not set
	 */
	record Property(String name, @Nullable String value) {

		static Property parse(String line) {
			int end = line.indexOf('=');
			return (end >= 0) ? new Property(line.substring(0, end), line.substring(end + 1))
					: new Property(line, null);
		}

		/**
		 * Whether it is something else, or nothing that there is: who uses it tells that
		 * better.
		 */
		boolean isChanged(PropertyResolver resolver) {
			try {
				return !Objects.equals(resolver.getProperty(this.name), this.value);
			}
			catch (PlaceholderResolutionException ex) {
				return true;
			}
		}

		String text() {
			return (this.value != null) ? this.name + '=' + this.value : this.name;
		}

	}

}
