package dev.echod;

import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;

/**
 * Has the log written by threads of its own: whoever logs, an event loop, a signal or an
 * operator's call, does not wait for who reads it, which may be a pipe that nobody reads.
 * Of more lines than can be written the newest are lost; those of the access log alone
 * are waited for, by its own thread, which counts what it drops.
 */
final class LogOutput {

	private static final int WAITING_LINES = 8192;

	private static final int WAITING_ACCESSES = 256;

	private LogOutput() {
	}

	/**
	 * Puts the threads before all that the configuration writes to.
	 */
	static void unblock(LoggerContext loggers) {
		Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
		List<Appender<ILoggingEvent>> outputs = new ArrayList<>();
		root.iteratorForAppenders().forEachRemaining(outputs::add);
		Logger access = loggers.getLogger("dev.echod.access");
		boolean accessIsOurs = access.isAdditive() && !access.iteratorForAppenders().hasNext();
		for (Appender<ILoggingEvent> output : outputs) {
			root.detachAppender(output);
			root.addAppender(before(output, loggers, WAITING_LINES, true));
			if (accessIsOurs) {
				access.addAppender(before(output, loggers, WAITING_ACCESSES, false));
			}
		}
		access.setAdditive(!accessIsOurs);
	}

	private static AsyncAppender before(Appender<ILoggingEvent> output, LoggerContext loggers, int most,
			boolean neverBlock) {
		AsyncAppender thread = new AsyncAppender();
		thread.setContext(loggers);
		thread.setName(output.getName() + "-thread");
		thread.setQueueSize(most);
		// Otherwise what is at INFO or below is left out early.
		thread.setDiscardingThreshold(0);
		thread.setNeverBlock(neverBlock);
		thread.addAppender(output);
		thread.start();
		return thread;
	}

}
