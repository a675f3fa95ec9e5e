package dev.echod;

import dev.echod.admin.AdminProperties;
import dev.echod.connection.ClosedConnectionsProperties;
import dev.echod.drain.DrainProperties;
import dev.echod.listener.AccessLogMode;
import dev.echod.listener.ListenersProperties;
import dev.echod.transport.TransportProperties;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.observation.autoconfigure.ScheduledTasksObservationAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.ReactiveMultipartAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * The echo service. Left out is what its starters bring for others: nothing here is
 * woven, stored, transacted, uploaded or run by a schedule that is observed.
 */
@SpringBootApplication(proxyBeanMethods = false,
		exclude = { AopAutoConfiguration.class, PersistenceExceptionTranslationAutoConfiguration.class,
				TransactionAutoConfiguration.class, TransactionManagerCustomizationAutoConfiguration.class,
				ReactiveMultipartAutoConfiguration.class, ScheduledTasksObservationAutoConfiguration.class })
@EnableConfigurationProperties(EchodProperties.class)
public class EchodApplication {

	/**
	 * Runs the service, or the command that the first argument names, or says how.
	 */
	public static void main(String[] args) {
		if (EchodCommand.isCommand(args)) {
			// Netty's leak detection samples the way of a byte; application.yml switches
			// it off for the service.
			System.getProperties().putIfAbsent("io.netty.leakDetection.level", "disabled");
			System.exit(EchodCommand.execute(args));
		}
		Termination termination = Termination.ofThisProcess();
		SpringApplication application = new EchodStart();
		application.addInitializers(termination);
		application.run(args);
		termination.started();
	}

	@Bean
	static TimesNeedUnits timesNeedUnits() {
		return new TimesNeedUnits();
	}

	@Bean
	TransportProperties transportProperties(EchodProperties properties) {
		return properties.transportProperties();
	}

	@Bean
	ListenersProperties listenersProperties(EchodProperties properties) {
		return properties.listenersProperties();
	}

	@Bean
	AccessLogMode accessLogMode(EchodProperties properties) {
		return properties.accessLog();
	}

	@Bean
	ClosedConnectionsProperties closedConnectionsProperties(EchodProperties properties) {
		return properties.closedConnections();
	}

	@Bean
	DrainProperties drainProperties(EchodProperties properties) {
		return properties.drain();
	}

	@Bean
	AdminProperties adminProperties(EchodProperties properties) {
		return properties.admin();
	}

}
