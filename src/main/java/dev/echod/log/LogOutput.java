package dev.echod.log;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;

/**
 * Has the log written by threads of its own: whoever logs, an event loop, a signal or an
 * operator's call, does not wait for who reads it, which may be a pipe that nobody reads.
 * Of more lines than can be written the newest are lost; those of the access log alone
 * are waited for, by its own thread, which counts what it drops. What operators changed
 * waits apart, so that no flood of other lines takes its place.
 */
public final class LogOutput {

	static final int WAITING_LINES = 8192;

	static final int WAITING_CHANGES = 1024;

	private static final int WAITING_ACCESSES = 256;

	private LogOutput() {
	}

	/**
	 * Puts the threads before all that the configuration writes to.
	 */
	public static void unblock(LoggerContext loggers) {
		Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
		List<Appender<ILoggingEvent>> outputs = new ArrayList<>();
		root.iteratorForAppenders().forEachRemaining(outputs::add);
		outputs.forEach(root::detachAppender);
		write(root, outputs, () -> new LogQueue(DroppedLines.OTHERS), WAITING_LINES);
		writeApart(loggers.getLogger("dev.echod.audit"), outputs, () -> new LogQueue(DroppedLines.OF_AUDIT),
				WAITING_CHANGES);
		writeApart(loggers.getLogger("dev.echod.access"), outputs, AsyncAppender::new, WAITING_ACCESSES);
	}

	/**
	 * Unless the configuration says where its lines go.
	 */
	private static void writeApart(Logger logger, List<Appender<ILoggingEvent>> outputs,
			Supplier<AsyncAppender> threads, int most) {
		if (logger.isAdditive() && !logger.iteratorForAppenders().hasNext()) {
			write(logger, outputs, threads, most);
			logger.setAdditive(false);
		}
	}

	private static void write(Logger logger, List<Appender<ILoggingEvent>> outputs, Supplier<AsyncAppender> threads,
			int most) {
		for (Appender<ILoggingEvent> output : outputs) {
			AsyncAppender thread = threads.get();
			thread.setContext(logger.getLoggerContext());
			thread.setName(output.getName() + "-thread");
			thread.setQueueSize(most);
			// Otherwise what is at INFO or below is left out early.
			thread.setDiscardingThreshold(0);
			thread.addAppender(output);
			thread.start();
			logger.addAppender(thread);
		}
	}

}
