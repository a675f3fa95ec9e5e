package dev.echod.definitions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aot.AotDetector;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Has a start of the jar use the bean definitions that were made when it was built, as
 * long as it would make the same: when all the properties are what they were that were
 * asked for then. The system property {@code spring.aot.enabled} overrides it.
 *
 * @see <a href= "https://docs.spring.io/spring-framework/reference/core/aot.html">Ahead
 * of Time Optimizations</a>
 */
public final class BuiltDefinitions implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	private static final Logger logger = LoggerFactory.getLogger(BuiltDefinitions.class);

	/**
	 * After all that gives properties.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		ConfigurableEnvironment environment = event.getEnvironment();
		if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			AskedProperties asked = new AskedProperties();
			environment.getPropertySources().addFirst(asked);
			// Who sets one of these wants a report on conditions, of which there is none
			// when they were met at the build.
			asked.getProperty("debug");
			asked.getProperty("trace");
		}
		else if (isJar() && SpringProperties.getProperty(AotDetector.AOT_ENABLED) == null) {
			SpringProperties.setFlag(AotDetector.AOT_ENABLED, isWhatTheyWereMadeFrom(environment));
		}
	}

	/**
	 * Classes in a folder may be newer than the definitions that lie beside them.
	 */
	private static boolean isJar() {
		return BuiltDefinitions.class.getResource("BuiltDefinitions.class").getProtocol().equals("jar");
	}

	private static boolean isWhatTheyWereMadeFrom(ConfigurableEnvironment environment) {
		try {
			Conditions conditions = Conditions.ofBuild();
			if (conditions == null) {
				return false;
			}
			Optional<String> changed = conditions.firstChanged(environment);
			changed.ifPresent((property) -> logger
				.info("'{}' is not what the jar was built for: the start takes longer", property));
			return changed.isEmpty();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
