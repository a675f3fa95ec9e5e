package dev.echod.log;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Which lines come through an output that is stuck for a while, in a log of its own.
 */
class LogOutputTests {

	private final LoggerContext loggers = new LoggerContext();

	private final StuckOutput output = new StuckOutput();

	LogOutputTests() {
		Logger root = this.loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
		this.loggers.setMDCAdapter(new LogbackMDCAdapter());
		this.output.setContext(this.loggers);
		this.output.start();
		root.addAppender(this.output);
		LogOutput.unblock(this.loggers);
	}

	@AfterEach
	void stop() {
		this.output.free.countDown();
		this.loggers.stop();
	}

	@Test
	void floodTakesNoPlaceOfWhatOperatorsChangedAndIsCountedAndTold() {
		long before = DroppedLines.OTHERS.count();
		long auditBefore = DroppedLines.OF_AUDIT.count();
		Logger flood = this.loggers.getLogger("dev.echod.service");
		int sent = 2 * LogOutput.WAITING_LINES + 500;
		for (int i = 0; i < sent; i++) {
			flood.info("flood {}", i);
		}
		this.loggers.getLogger("dev.echod.audit").info("change");
		long dropped = DroppedLines.OTHERS.count() - before;
		// As many as can wait may be with who writes them.
		assertThat(dropped).isBetween(400L, LogOutput.WAITING_LINES + 500L);
		assertThat(DroppedLines.OF_AUDIT.count()).isEqualTo(auditBefore);
		this.output.free.countDown();
		await().until(() -> this.output.lines.contains("change") && this.output.lines.size() == sent - dropped + 1);
		flood.info("next");
		await().until(() -> this.output.lines.contains("next"));
		assertThat(this.output.lines)
			.endsWith("The log lost %d lines: they came faster than they could be written".formatted(dropped), "next");
	}

	@Test
	void changesThatAreLostAreCountedApart() {
		long before = DroppedLines.OF_AUDIT.count();
		long othersBefore = DroppedLines.OTHERS.count();
		for (int i = 0; i < 2 * LogOutput.WAITING_CHANGES + 500; i++) {
			this.loggers.getLogger("dev.echod.audit").info("change {}", i);
		}
		assertThat(DroppedLines.OF_AUDIT.count() - before).isBetween(400L, LogOutput.WAITING_CHANGES + 500L);
		assertThat(DroppedLines.OTHERS.count()).isEqualTo(othersBefore);
	}

	/**
	 * A pipe that nobody reads until somebody does.
	 */
	private static final class StuckOutput extends AppenderBase<ILoggingEvent> {

		private final CountDownLatch free = new CountDownLatch(1);

		private final Queue<String> lines = new ConcurrentLinkedQueue<>();

		@Override
		protected void append(ILoggingEvent event) {
			try {
				this.free.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.lines.add(event.getFormattedMessage());
		}

	}

}
