package dev.echod;

import java.time.Duration;

import dev.echod.connection.Times;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Refuses a time without a unit in echod's properties, which Spring Boot would take for
 * milliseconds.
 */
class TimesNeedUnits implements ConfigurationPropertiesBindHandlerAdvisor {

	private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("echod");

	@Override
	public BindHandler apply(BindHandler bindHandler) {
		return new AbstractBindHandler(bindHandler) {

			@Override
			public @Nullable Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
					Object result) {
				ConfigurationProperty property = context.getConfigurationProperty();
				if (property != null && OURS.isAncestorOf(name) && target.getType().resolve() == Duration.class
						&& Times.isWithoutUnit(text(name, context))) {
					throw new IllegalArgumentException("It takes " + Times.ALLOWED);
				}
				return super.onSuccess(name, target, context, result);
			}

		};
	}

	/**
	 * As it was given, but with its placeholders resolved.
	 */
	private static String text(ConfigurationPropertyName name, BindContext context) {
		return context.getBinder().bind(name, Bindable.of(String.class)).orElse("");
	}

}
