package dev.echod.definitions;

import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class ConditionsTests {

	private static final Map<String, Object> PROPERTIES = Map.of("echo.names", "a, b=c", "echo.empty", "");

	private static StandardEnvironment environment(Map<String, Object> variables, Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
		environment.getPropertySources().addLast(new MapPropertySource("configuration", properties));
		ConfigurationPropertySources.attach(environment);
		return environment;
	}

	/**
	 * Those of a build that asks in each way that conditions do.
	 */
	private static Conditions built() {
		StandardEnvironment environment = environment(Map.of(), PROPERTIES);
		AskedProperties asked = new AskedProperties();
		environment.getPropertySources().addFirst(asked);
		environment.getProperty("echo.unset");
		environment.getProperty("echo.empty");
		environment.containsProperty("server.port");
		Binder.get(environment).bindOrCreate("echo.names", String[].class);
		environment.getPropertySources().remove(AskedProperties.NAME);
		return Conditions.of(asked.getSource(), environment);
	}

	@Test
	void propertiesThatWereAskedForAreKnownWithWhatTheyWere() {
		assertThat(built().text().lines()).containsExactly("echo.empty=", "echo.names=a, b=c", "echo.names[0]",
				"echo.unset");
	}

	@Test
	void whatIsWrittenIsRead() {
		assertThat(Conditions.parse(built().text())).isEqualTo(built());
	}

	@Test
	void nothingIsChangedByWhatNobodyAskedFor() {
		assertThat(built().firstChanged(environment(Map.of("ECHO_OTHER", "1"), PROPERTIES))).isEmpty();
	}

	@Test
	void portOfTheServerIsAConditionWhereThereIsASecondOne() {
		Set<String> asked = Set.of("server.port");
		assertThat(Conditions.of(asked, environment(Map.of(), Map.of("server.port", "1"))).properties()).isEmpty();
		assertThat(
				Conditions.of(asked, environment(Map.of(), Map.of("server.port", "1", "management.server.port", "1")))
					.text())
			.isEqualTo("server.port=1\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ECHO_UNSET", "ECHO_EMPTY", "ECHO_NAMES", "ECHO_NAMES_0_" })
	void variableIsTakenForTheProperty(String variable) {
		assertThat(built().firstChanged(environment(Map.of(variable, "1"), PROPERTIES)).orElseThrow().replace('.', '_'))
			.isEqualToIgnoringCase(variable.replace("_0_", "[0]"));
	}

	@Test
	void propertyThatRefersToNothingIsChanged() {
		assertThat(built().firstChanged(environment(Map.of("ECHO_UNSET", "${echo.nowhere}"), PROPERTIES)))
			.contains("echo.unset");
	}

	@Test
	void propertyThatIsGoneIsChanged() {
		assertThat(built().firstChanged(environment(Map.of(), Map.of("echo.empty", "")))).contains("echo.names");
	}

}
