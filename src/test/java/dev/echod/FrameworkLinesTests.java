package dev.echod;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which lines are left out, in a log of its own.
 */
class FrameworkLinesTests {

	private static final String GATEWAY = "dev.echod.gateway.NonBlockingTcpInboundGateway";

	private static final String GRACEFUL = "org.springframework.boot.reactor.netty.GracefulShutdown";

	private final LoggerContext loggers = new LoggerContext();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	FrameworkLinesTests() {
		FrameworkLines filter = new FrameworkLines(this.loggers);
		filter.start();
		this.log.addFilter(filter);
		this.log.start();
		root().addAppender(this.log);
		root().setLevel(Level.INFO);
	}

	private Logger root() {
		return this.loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
	}

	@Test
	void whatFrameworksMakeIsLeftOutAndWhatTheyWarnOfIsNot() {
		this.loggers.getLogger(GATEWAY).info("started bean 'echo.gateway'");
		this.loggers.getLogger(GATEWAY).warn("echo-1 is closed");
		this.loggers.getLogger(GRACEFUL).info("Graceful shutdown complete");
		this.loggers.getLogger(GRACEFUL).info("Graceful shutdown aborted with one or more requests still active");
		this.loggers.getLogger("dev.echod.listener.Listener").info("Listener 'echo' accepts connections");
		assertThat(this.log.list).extracting(ILoggingEvent::getFormattedMessage)
			.containsExactly("echo-1 is closed", "Graceful shutdown aborted with one or more requests still active",
					"Listener 'echo' accepts connections");
	}

	/**
	 * Whichever name somebody sets to debug, and also while the service runs.
	 */
	@ParameterizedTest
	@CsvSource({ "ROOT", "dev", "dev.echod", "dev.echod.gateway", GATEWAY })
	void debugShowsThem(String logger) {
		this.loggers.getLogger(GATEWAY).info("before");
		this.loggers.getLogger(logger).setLevel(Level.DEBUG);
		this.loggers.getLogger(GATEWAY).info("after");
		assertThat(this.log.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("after");
	}

}
