package dev.echod.connection;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RepeatedTaskTests {

	private final AtomicInteger times = new AtomicInteger();

	@Test
	void failureDoesNotEndIt() {
		RepeatedTask task = new RepeatedTask("failing", Duration.ofMillis(1), () -> {
			this.times.incrementAndGet();
			throw new OutOfMemoryError("as a test has it");
		});
		task.start();
		await().until(() -> this.times.get() > 3);
		task.stop();
		assertThat(task.isRunning()).isFalse();
	}

	@Test
	void failureThatCannotBeToldDoesNotEndItEither() {
		RepeatedTask task = new RepeatedTask("failing", Duration.ofMillis(1), () -> {
			this.times.incrementAndGet();
			throw new OutOfMemoryError("as a test has it") {

				private static final long serialVersionUID = 1;

				@Override
				public String getMessage() {
					throw new OutOfMemoryError("for the line as well");
				}

			};
		});
		task.start();
		await().until(() -> this.times.get() > 3);
		task.stop();
	}

	@Test
	void stopEndsItWithinItsPeriod() throws Exception {
		Thread[] thread = new Thread[1];
		RepeatedTask task = new RepeatedTask("hourly", Duration.ofHours(1), () -> {
			thread[0] = Thread.currentThread();
			this.times.incrementAndGet();
		});
		task.start();
		await().until(() -> this.times.get() == 1);
		task.stop();
		assertThat(thread[0].join(Duration.ofSeconds(10))).isTrue();
	}

}
