package dev.echod;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.Logger;

/**
 * Leaves out of the log what frameworks say about each thing that they make, start and
 * stop: it is shown as if they had said it at debug, when their logger is at debug. A
 * level in the configuration would not do: the more specific one wins over what somebody
 * sets for the package.
 */
final class FrameworkLines extends Filter<ILoggingEvent> {

	/**
	 * How their lines begin, the logger's name before the message.
	 */
	private static final List<String> LEFT_OUT = List.of("org.springframework.integration.",
			"org.springframework.boot.actuate.endpoint.web.EndpointLinksResolver: Exposing ",
			"org.springframework.boot.reactor.netty.NettyWebServer: Netty started ",
			"org.springframework.boot.reactor.netty.GracefulShutdown: Commencing graceful shutdown",
			"org.springframework.boot.reactor.netty.GracefulShutdown: Graceful shutdown complete",
			// What these inherit from Spring Integration logs under their names.
			"dev.echod.gateway.NonBlockingTcpInboundGateway: ", "dev.echod.transport.NettyServerConnectionFactory: ",
			"dev.echod.transport.NettyClientConnectionFactory: ", "dev.echod.classic.SelectorServerConnectionFactory: ",
			"dev.echod.classic.ThreadServerConnectionFactory: ");

	private final LoggerContext loggers;

	FrameworkLines(LoggerContext loggers) {
		this.loggers = loggers;
	}

	/**
	 * Leaves them out of all that is logged from now on.
	 */
	static void leaveOut(LoggerContext loggers) {
		FrameworkLines filter = new FrameworkLines(loggers);
		filter.start();
		loggers.getLogger(Logger.ROOT_LOGGER_NAME)
			.iteratorForAppenders()
			.forEachRemaining((appender) -> appender.addFilter(filter));
	}

	@Override
	public FilterReply decide(ILoggingEvent event) {
		boolean leftOut = event.getLevel() == Level.INFO && isLeftOut(event)
				&& !this.loggers.getLogger(event.getLoggerName()).isDebugEnabled();
		return leftOut ? FilterReply.DENY : FilterReply.NEUTRAL;
	}

	private static boolean isLeftOut(ILoggingEvent event) {
		String name = event.getLoggerName();
		return LEFT_OUT.stream()
			.anyMatch((prefix) -> prefix.startsWith(name)
					? (name + ": " + event.getFormattedMessage()).startsWith(prefix) : name.startsWith(prefix));
	}

}
