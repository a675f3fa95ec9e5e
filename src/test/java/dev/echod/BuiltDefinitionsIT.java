package dev.echod;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.echod.testing.AdminClient;
import dev.echod.testing.EchodProcess;
import org.junit.jupiter.api.Test;

import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Starts with the bean definitions that are in the jar, and without them.
 */
class BuiltDefinitionsIT {

	private static final Pattern BEAN = Pattern.compile("Creating shared instance of singleton bean '(.+)'");

	private static Set<String> beansOfStart(boolean built) {
		try (EchodProcess echod = EchodProcess.serviceWithFlags(List.of("-Dspring.aot.enabled=" + built), 0, 0,
				"--spring.profiles.active=showcase", "--spring.application.name=other",
				"--logging.level.org.springframework.beans.factory.support.DefaultListableBeanFactory=debug")) {
			assertThat(echod.output().contains("Starting AOT-processed EchodApplication")).isEqualTo(built);
			return BEAN.matcher(echod.output())
				.results()
				.map((MatchResult result) -> result.group(1))
				.collect(Collectors.toCollection(TreeSet::new));
		}
	}

	/**
	 * But for those that make definitions.
	 */
	@Test
	void beansAreThoseThatTheStartWouldMake() {
		Set<String> made = beansOfStart(false);
		Set<String> built = beansOfStart(true);
		Set<String> missing = new TreeSet<>(made);
		missing.removeAll(built);
		assertThat(missing).containsExactlyInAnyOrder("DefaultConfiguringBeanFactoryPostProcessor",
				"gatewayProxyBeanDefinitionPostProcessor", "integrationConfigurationBeanFactoryPostProcessor",
				"org.springframework.boot.autoconfigure.internalCachingMetadataReaderFactory",
				"org.springframework.context.annotation.internalAutowiredAnnotationProcessor",
				"org.springframework.context.annotation.internalCommonAnnotationProcessor",
				"org.springframework.context.annotation.internalConfigurationAnnotationProcessor",
				"org.springframework.integration.config.IntegrationComponentScanRegistrar");
		built.removeAll(made);
		assertThat(built).containsExactly("org.springframework.context.annotation.internalImportAwareAotProcessor");
	}

	@Test
	void settingThatOtherBeansComeFromIsHeeded() throws Exception {
		try (EchodProcess echod = EchodProcess.administered("--management.endpoints.web.exposure.include=beans");
				AdminClient admin = new AdminClient(echod.adminPort())) {
			assertThat(echod.output())
				.contains("'management.endpoints.web.exposure.include' is not what the jar was built for")
				.contains("Starting EchodApplication");
			assertThat(admin.call(OPERATOR, "GET", "beans", "").body()).contains("\"listeners\"");
		}
	}

}
