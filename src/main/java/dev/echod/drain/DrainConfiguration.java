package dev.echod.drain;

import java.time.Duration;

import dev.echod.connection.BulkClose;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.listener.Listeners;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.DefaultLifecycleProcessor;

@Configuration(proxyBeanMethods = false)
class DrainConfiguration {

	/**
	 * For the resets at the deadline to be carried out.
	 */
	private static final Duration MARGIN = Duration.ofSeconds(5);

	@Bean
	Drain drain(Listeners listeners, ConnectionRegistry registry, BulkClose bulkClose, DrainProperties properties,
			ConfigurableApplicationContext context) {
		return new Drain(listeners, registry, bulkClose, properties, context, System::nanoTime);
	}

	/**
	 * Gives the shutdown as long as the drain may take.
	 */
	@Bean
	DrainLifecycle drainLifecycle(Drain drain, DefaultLifecycleProcessor lifecycleProcessor) {
		Duration timeout = drain.properties().announce().plus(drain.properties().deadline()).plus(MARGIN);
		lifecycleProcessor.setTimeoutForShutdownPhase(DrainLifecycle.PHASE, timeout.toMillis());
		return new DrainLifecycle(drain);
	}

}
