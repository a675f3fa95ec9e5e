package dev.echod;

import ch.qos.logback.classic.LoggerContext;
import dev.echod.definitions.BuiltDefinitions;
import dev.echod.log.LogOutput;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The start of the service, which says what a person needs to know of it and no more.
 */
final class EchodStart extends SpringApplication {

	EchodStart() {
		super(EchodApplication.class);
		addListeners(new BuiltDefinitions());
	}

	@Override
	protected void applyInitializers(ConfigurableApplicationContext context) {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
			FrameworkLines.leaveOut(loggers);
			LogOutput.unblock(loggers);
		}
		super.applyInitializers(context);
	}

	/**
	 * That there is no profile is nothing to tell.
	 */
	@Override
	protected void logStartupProfileInfo(ConfigurableApplicationContext context) {
		if (context.getEnvironment().getActiveProfiles().length > 0) {
			super.logStartupProfileInfo(context);
		}
	}

}
