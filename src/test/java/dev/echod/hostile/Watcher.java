package dev.echod.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.echod.testing.TestClient;

/**
 * A client of another listener, who asks all the time whether it still echoes: over
 * connections that stay, enough for every event loop to have one, and over new ones.
 */
final class Watcher implements AutoCloseable {

	/**
	 * Connections that stay, and one that comes and goes.
	 */
	static final int CONNECTIONS = 5;

	private static final Duration LONGEST = Duration.ofSeconds(1);

	private static final int NEW_EACH = 20;

	private final int port;

	private final List<String> complaints = new ArrayList<>();

	private final CountDownLatch stopped = new CountDownLatch(1);

	private final List<TestClient> clients = new ArrayList<>();

	private final Thread thread;

	private volatile long asked = System.nanoTime();

	Watcher(int port) throws IOException {
		this.port = port;
		for (int i = 1; i < CONNECTIONS; i++) {
			this.clients.add(new TestClient(port));
		}
		this.thread = Thread.ofPlatform().name("watcher").start(this::watch);
	}

	private void watch() {
		byte[] message = TestClient.randomBytes(1, 64);
		try {
			for (int round = 0; !this.stopped.await(5, TimeUnit.MILLISECONDS); round++) {
				this.asked = System.nanoTime();
				if (round % NEW_EACH == 0) {
					TestClient client = new TestClient(this.port);
					TestClient.assertSame(client.send(message).receive(message.length), message);
					client.reset();
				}
				else {
					TestClient client = this.clients.get(round % this.clients.size());
					TestClient.assertSame(client.send(message).receive(message.length), message);
				}
				Duration took = Duration.ofNanos(System.nanoTime() - this.asked);
				if (took.compareTo(LONGEST) > 0) {
					complain("An echo took %d ms".formatted(took.toMillis()));
				}
			}
		}
		catch (IOException | AssertionError ex) {
			complain("No echo came: " + ex);
		}
		catch (InterruptedException ex) {
			complain("Interrupted");
		}
	}

	private synchronized void complain(String complaint) {
		this.complaints.add(complaint);
	}

	/**
	 * What was not as it should be since this was asked last.
	 */
	synchronized List<String> complaints() {
		Duration waits = Duration.ofNanos(System.nanoTime() - this.asked);
		if (waits.compareTo(LONGEST) > 0) {
			complain("An echo is waited for since %d ms".formatted(waits.toMillis()));
		}
		List<String> all = List.copyOf(this.complaints);
		this.complaints.clear();
		return all;
	}

	@Override
	public void close() throws IOException {
		this.stopped.countDown();
		for (TestClient client : this.clients) {
			client.close();
		}
		try {
			this.thread.join(Duration.ofSeconds(40));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
