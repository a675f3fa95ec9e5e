package dev.echod.log;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;

/**
 * Lines that wait for their output. Nobody waits for it to be taken: of more than fit the
 * newest are lost, counted, and told of before the next one that fits.
 */
final class LogQueue extends AsyncAppender {

	private final DroppedLines dropped;

	/**
	 * So that what is found free is still free: others only take from the queue.
	 */
	private final Lock adding = new ReentrantLock();

	private long untold;

	LogQueue(DroppedLines dropped) {
		this.dropped = dropped;
		setNeverBlock(true);
	}

	@Override
	protected void append(ILoggingEvent event) {
		event.prepareForDeferredProcessing();
		this.adding.lock();
		try {
			if (this.untold > 0 && getRemainingCapacity() > 1) {
				super.append(loss());
				this.untold = 0;
			}
			if (getRemainingCapacity() > 0) {
				super.append(event);
			}
			else {
				this.dropped.add();
				this.untold++;
			}
		}
		finally {
			this.adding.unlock();
		}
	}

	private ILoggingEvent loss() {
		String name = LogQueue.class.getName();
		return new LoggingEvent(name, ((LoggerContext) getContext()).getLogger(name), Level.WARN,
				"The log lost {} lines: they came faster than they could be written", null,
				new Object[] { this.untold });
	}

}
