package dev.echod.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many clients: some are silent, some keep sending until told to pause, some leave by
 * themselves, some have much in flight. Each checks every byte it gets back and follows
 * the service's FIN.
 */
public final class Crowd {

	private final CountDownLatch connected;

	private final CountDownLatch servedOn;

	private final AtomicBoolean draining = new AtomicBoolean();

	private final AtomicBoolean pause = new AtomicBoolean();

	private final Thread thread;

	private final List<Throwable> failures = new ArrayList<>();

	public Crowd(int port, int clients) {
		this.connected = new CountDownLatch(clients);
		this.servedOn = new CountDownLatch(clients / 4);
		this.thread = Thread.startVirtualThread(() -> {
			try {
				TestClient.inParallel(clients, (number) -> run(port, number));
			}
			catch (Exception ex) {
				this.failures.add(ex);
			}
		});
	}

	private void run(int port, int number) throws Exception {
		try (TestClient client = new TestClient(port)) {
			echo(client, number, 100);
			this.connected.countDown();
			switch (number % 4) {
				case 0 -> assertThat(client.receiveToEnd()).isEmpty();
				case 1 -> echoUntilPaused(client, number);
				case 2 -> echoUntilDraining(client, number);
				default -> {
					byte[] much = TestClient.randomBytes(number, 50_000);
					client.send(much);
					TestClient.assertSame(client.receiveToEnd(), much);
				}
			}
		}
	}

	private void echoUntilPaused(TestClient client, int number) throws Exception {
		int rounds = 0;
		while (!this.pause.get()) {
			echo(client, number, 200);
			if (this.draining.get() && ++rounds == 20) {
				this.servedOn.countDown();
			}
		}
		assertThat(client.receiveToEnd()).isEmpty();
	}

	private void echoUntilDraining(TestClient client, int number) throws Exception {
		while (!this.draining.get()) {
			echo(client, number, 300);
		}
	}

	private static void echo(TestClient client, int number, int length) throws IOException {
		byte[] message = TestClient.randomBytes(number, length);
		TestClient.assertSame(client.send(message).receive(length), message);
	}

	public void awaitConnected() throws InterruptedException {
		assertThat(this.connected.await(30, TimeUnit.SECONDS)).isTrue();
	}

	/**
	 * Lets a drain that has begun be seen: who keeps sending is served on.
	 */
	public void drainHasBegun() throws InterruptedException {
		this.draining.set(true);
		assertThat(this.servedOn.await(30, TimeUnit.SECONDS)).isTrue();
		this.pause.set(true);
	}

	public void awaitEnd() throws InterruptedException {
		this.thread.join();
		assertThat(this.failures).isEmpty();
	}

}
