package dev.echod.admin;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties that are shown, as in a failure's message, tell no password.
 */
class AdminPropertiesTests {

	@Test
	void passwordsAreNotShown() {
		AdminProperties properties = new Binder(new MapConfigurationPropertySource(
				Map.of("operator.password", "s3cret", "viewer.name", "jane", "viewer.password", "l00k")))
			.bindOrCreate("", AdminProperties.class);
		assertThat(properties.toString()).contains("name=operator, password=***", "name=jane, password=***")
			.doesNotContain("s3cret", "l00k");
	}

}
