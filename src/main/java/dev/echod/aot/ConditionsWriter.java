package dev.echod.aot;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Writes down, when the jar is built, what its bean definitions were made from.
 */
final class ConditionsWriter implements BeanFactoryInitializationAotProcessor {

	@Override
	public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
			ConfigurableListableBeanFactory beanFactory) {
		ConfigurableEnvironment environment = beanFactory.getBean(ConfigurableEnvironment.class);
		if (!(environment.getPropertySources().remove(AskedProperties.NAME) instanceof AskedProperties asked)) {
			return null;
		}
		Conditions conditions = Conditions.of(asked.getSource(), environment);
		return (generation, code) -> generation.getGeneratedFiles()
			.addResourceFile(Conditions.LOCATION, conditions.toString());
	}

}
