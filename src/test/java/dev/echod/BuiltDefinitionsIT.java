package dev.echod;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.echod.testing.AdminClient;
import dev.echod.testing.EchodProcess;
import org.junit.jupiter.api.Test;

import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Starts with the bean definitions that are in the jar, and without them.
 */
class BuiltDefinitionsIT {

	private static final Pattern BEAN = Pattern.compile("Creating shared instance of singleton bean '(.+)'");

	private static final String BUILT = "Starting AOT-processed EchodApplication";

	private static final String MADE = "Starting EchodApplication";

	private static Set<String> beansOfStart(String start, String... flags) {
		try (EchodProcess echod = EchodProcess.serviceWithFlags(List.of(flags), 0, 0,
				"--spring.profiles.active=showcase", "--spring.application.name=other",
				"--logging.level.org.springframework.beans.factory.support.DefaultListableBeanFactory=debug")) {
			assertThat(echod.output()).contains(start);
			return BEAN.matcher(echod.output())
				.results()
				.map((result) -> result.group(1))
				.collect(Collectors.toCollection(TreeSet::new));
		}
	}

	/**
	 * But for those that make definitions.
	 */
	@Test
	void beansAreThoseThatTheStartWouldMake() {
		Set<String> made = beansOfStart(MADE, "-Dspring.aot.enabled=false");
		Set<String> built = beansOfStart(BUILT);
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
				.contains(MADE);
			assertThat(admin.call(OPERATOR, "GET", "beans", "").body()).contains("\"listeners\"");
		}
	}

	@Test
	void variableThatOtherBeansComeFromIsHeeded() {
		String prefix = "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_";
		List<String> command = new ArrayList<>(List.of("env", prefix + "ISSUERURI=http://127.0.0.1:1",
				prefix + "JWKSETURI=http://127.0.0.1:1/keys", prefix + "AUDIENCES=echod"));
		command.addAll(EchodProcess.serviceCommand("--echod.admin.jwt.claim=roles",
				"--echod.admin.jwt.operators=operator", "--echod.admin.jwt.viewers=viewer"));
		try (EchodProcess echod = EchodProcess.serviceBy(command)) {
			assertThat(echod.output()).contains("jwt.issuer-uri' is not what the jar was built for").contains(MADE);
		}
	}

	@Test
	void conditionsAreThoseOfTheJarsOwnConfiguration() throws IOException {
		List<String> conditions;
		try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("/META-INF/echod/conditions"))) {
			conditions = new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
		}
		assertThat(conditions).contains("debug", "management.endpoints.web.exposure.include[0]",
				"management.server.port", "server.forward-headers-strategy=none", "spring.autoconfigure.exclude[0]",
				"spring.main.web-application-type", "spring.security.oauth2.resourceserver.jwt.issuer-uri",
				"spring.security.oauth2.resourceserver.jwt.jwk-set-uri",
				"spring.security.oauth2.resourceserver.jwt.public-key-location", "spring.threads.virtual.enabled",
				"trace");
		assertThat(conditions).filteredOn((line) -> line.contains("="))
			.extracting((line) -> line.substring(0, line.indexOf('=')))
			.containsExactlyInAnyOrder("management.endpoint.health.probes.enabled",
					"management.endpoint.shutdown.access", "management.endpoints.web.exposure.include",
					"management.info.java.enabled", "server.forward-headers-strategy");
	}

	/**
	 * Whatever Java builds them.
	 */
	@Test
	void definitionsAreForTheJavaOfTheService() throws IOException {
		assertThat(classVersion("EchodApplication__ApplicationContextInitializer.class"))
			.isEqualTo(classVersion("EchodApplication.class"));
	}

	private int classVersion(String file) throws IOException {
		try (DataInputStream in = new DataInputStream(Objects.requireNonNull(getClass().getResourceAsStream(file)))) {
			in.readInt();
			return in.readInt();
		}
	}

	@Test
	void classesInAFolderMayBeNewerThanDefinitions() {
		try (EchodProcess echod = EchodProcess.fromClasses()) {
			await().atMost(EchodProcess.START_TIMEOUT).until(() -> echod.output().contains("Started EchodApplication"));
			assertThat(echod.output()).contains(MADE);
		}
	}

}
