package dev.echod.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.echod.testing.TestClient;

/**
 * Clients who do as they should on the listeners that are attacked: each asks again and
 * again, and has its echo within a second.
 */
final class Regulars implements AutoCloseable {

	private static final Duration LONGEST = Duration.ofSeconds(1);

	private static final int PAUSE_MILLIS = 100;

	private static final byte[] MESSAGE = Target.bytes("x".repeat(63) + "\n");

	private final CountDownLatch ended = new CountDownLatch(1);

	private final List<Thread> threads = new ArrayList<>();

	private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

	/**
	 * One more, who asks from now on.
	 */
	void add(TestClient client) {
		this.threads.add(Thread.ofVirtual().start(() -> ask(client)));
	}

	private void ask(TestClient client) {
		try (client) {
			do {
				long asked = System.nanoTime();
				TestClient.assertSame(client.send(MESSAGE).receive(MESSAGE.length), MESSAGE);
				Duration took = Duration.ofNanos(System.nanoTime() - asked);
				if (took.compareTo(LONGEST) > 0) {
					this.complaints.add("An echo took %d ms".formatted(took.toMillis()));
				}
			}
			while (!this.ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
		}
		catch (IOException | AssertionError ex) {
			this.complaints.add("No echo came: " + ex);
		}
		catch (InterruptedException ex) {
			this.complaints.add("Interrupted");
		}
	}

	/**
	 * Lets all of them leave.
	 * @return what was not as it should be
	 */
	List<String> end() throws InterruptedException {
		this.ended.countDown();
		for (Thread thread : this.threads) {
			thread.join();
		}
		return List.copyOf(this.complaints);
	}

	/**
	 * Where nobody asks how it went.
	 */
	@Override
	public void close() {
		this.ended.countDown();
	}

}
