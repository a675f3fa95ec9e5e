package dev.echod.admin;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import dev.echod.transport.EventLoops;
import dev.echod.transport.Transport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whether event loops are alive.
 */
class EventLoopsHealthTests {

	@Test
	void loopThatIsLateIsNotDead() {
		assertThat(new EventLoopsHealthIndicator(() -> Duration.ofMillis(9_900)).health().getStatus())
			.isEqualTo(Status.UP);
		var dead = new EventLoopsHealthIndicator(() -> Duration.ofMillis(10_100)).health();
		assertThat(dead.getStatus()).isEqualTo(Status.DOWN);
		assertThat(dead.getDetails()).containsEntry("reason", "an event loop has not run anything for 10 seconds");
	}

	@Tag("long")
	@Test
	void oneLoopThatIsStuckIsNoticed() {
		CountDownLatch stuck = new CountDownLatch(1);
		try (EventLoops eventLoops = EventLoops.start(Transport.AUTO, 2)) {
			assertThat(eventLoops.silence()).isLessThan(Duration.ofSeconds(2));
			eventLoops.executors().getLast().execute(() -> {
				try {
					stuck.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			await().until(() -> eventLoops.silence().compareTo(Duration.ofSeconds(3)) > 0);
			stuck.countDown();
			await().until(() -> eventLoops.silence().compareTo(Duration.ofSeconds(2)) < 0);
		}
	}

}
