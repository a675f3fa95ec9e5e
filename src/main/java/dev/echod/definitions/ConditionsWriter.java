package dev.echod.definitions;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.springframework.aot.generate.GenerationContext;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.core.io.ClassPathResource;

/**
 * Writes down, when the jar is built, what its bean definitions were made from: its own
 * configuration and nothing that the machine has set.
 */
final class ConditionsWriter implements BeanFactoryInitializationAotProcessor, Ordered {

	private static final String CONFIGURATION = "application.yml";

	/**
	 * After all the others, which may ask as well.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public BeanFactoryInitializationAotContribution processAheadOfTime(ConfigurableListableBeanFactory beanFactory) {
		ConfigurableEnvironment environment = beanFactory.getBean(ConfigurableEnvironment.class);
		return (generation, code) -> write(generation, environment);
	}

	private static void write(GenerationContext generation, ConfigurableEnvironment environment) {
		if (!(environment.getPropertySources().remove(AskedProperties.NAME) instanceof AskedProperties asked)) {
			throw new IllegalStateException("Nobody noted which properties were asked for");
		}
		Conditions conditions = Conditions.of(asked.getSource(), configuration());
		conditions.firstChanged(environment).ifPresent((property) -> {
			throw new IllegalStateException(
					"'%s' is set where the jar is built: it is to be what %s says".formatted(property, CONFIGURATION));
		});
		if (environment.getActiveProfiles().length > 0) {
			throw new IllegalStateException("Profiles are active where the jar is built: there are to be none");
		}
		generation.getGeneratedFiles().addResourceFile(Conditions.LOCATION, conditions.text());
	}

	private static PropertyResolver configuration() {
		try {
			MutablePropertySources sources = new MutablePropertySources();
			new YamlPropertySourceLoader().load(CONFIGURATION, new ClassPathResource(CONFIGURATION))
				.forEach(sources::addLast);
			return new PropertySourcesPropertyResolver(sources);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
