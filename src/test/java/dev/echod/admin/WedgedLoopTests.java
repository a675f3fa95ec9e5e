package dev.echod.admin;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import dev.echod.transport.EventLoops;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What operators and balancers are told while no connection is served.
 */
class WedgedLoopTests extends StartedService {

	private static final int POLLS = 100;

	private static final long WEDGED_NANOS = TimeUnit.SECONDS.toNanos(3);

	@Autowired
	@SuppressWarnings("NullAway.Init")
	private EventLoops eventLoops;

	/**
	 * Each poll has a bound of its own: one that waits for a loop waits until the last.
	 */
	@Tag("long")
	@Test
	void eachPollIsAnsweredWhileEachLoopIsStuck() throws Exception {
		CountDownLatch stuck = new CountDownLatch(1);
		this.eventLoops.executors().forEach((loop) -> loop.execute(() -> await(stuck)));
		long since = System.nanoTime();
		try (ExecutorService polls = Executors.newVirtualThreadPerTaskExecutor()) {
			int answered = 0;
			while (answered < POLLS || System.nanoTime() - since < WEDGED_NANOS) {
				List<CompletableFuture<Integer>> round = new ArrayList<>();
				for (String each : List.of("health/readiness", "drain", "prometheus")) {
					round.add(CompletableFuture.supplyAsync(() -> status(each), polls));
				}
				for (CompletableFuture<Integer> each : round) {
					// 503 once a busy machine has taken ten seconds for all.
					assertThat(each.get(10, TimeUnit.SECONDS)).isIn(200, 503);
				}
				answered++;
			}
			assertThat(this.eventLoops.silence().toNanos()).as("they were stuck").isPositive();
		}
		finally {
			stuck.countDown();
		}
		try (var client = connected(1)) {
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private int status(String path) {
		try {
			HttpResponse<String> response = this.admin.call(path.equals("drain") ? VIEWER : NOBODY, "GET", path, "");
			return response.statusCode();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
