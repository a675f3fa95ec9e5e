package dev.echod.stats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.echod.testing.AdminClient;
import dev.echod.testing.EventStream;
import dev.echod.testing.EventStream.Event;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Those that look at the stream: each is sent the same, and nobody waits for another.
 */
class ViewersTests {

	private static final byte[] REQUEST = "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
		.getBytes(StandardCharsets.US_ASCII);

	private final StatsServer server = new StatsServer();

	private final StatsStream stream = this.server.stream();

	@AfterEach
	void stop() {
		this.server.close();
	}

	private EventStream viewer(String... headers) throws Exception {
		return EventStream.as(AdminClient.VIEWER, this.server.port(), headers);
	}

	private void tick(int times) {
		for (int i = 0; i < times; i++) {
			this.stream.tick();
		}
	}

	private TestClient unread() throws Exception {
		TestClient client = new TestClient(this.server.port());
		client.send(REQUEST);
		return client;
	}

	@Test
	void hundredViewersAreSentWhatWasMadeOnce() throws Exception {
		List<EventStream> viewers = new ArrayList<>();
		try {
			for (int i = 0; i < 100; i++) {
				viewers.add(viewer());
			}
			tick(10);
			List<Event> first = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				first.add(viewers.getFirst().next());
			}
			for (EventStream viewer : viewers.subList(1, viewers.size())) {
				for (Event event : first) {
					assertThat(viewer.next()).isEqualTo(event);
				}
			}
			assertThat(this.server.sampled).hasValue(10);
		}
		finally {
			viewers.forEach(EventStream::close);
		}
		await().until(() -> this.server.viewers.count() == 0);
	}

	@Test
	void historyComesFirst() throws Exception {
		tick(History.KEPT + 5);
		try (EventStream viewer = viewer()) {
			for (long number = 6; number <= History.KEPT + 5; number++) {
				assertThat(viewer.next().number()).isEqualTo(number);
			}
			tick(1);
			assertThat(viewer.next().number()).isEqualTo(History.KEPT + 6);
		}
	}

	@Test
	void whoComesBackIsSentWhatItMissed() throws Exception {
		tick(10);
		try (EventStream viewer = viewer("Last-Event-ID", this.server.history.id(7))) {
			assertThat(viewer.next().number()).isEqualTo(8);
		}
		try (EventStream viewer = viewer("Last-Event-ID", "999-7")) {
			assertThat(viewer.next().number()).as("of another start").isEqualTo(1);
		}
	}

	@Test
	void whoDoesNotReadIsCutOffAndTheOthersGoOn() throws Exception {
		try (TestClient stalled = unread(); EventStream viewer = viewer()) {
			await().until(() -> this.server.viewers.count() == 2);
			// More than the system and Netty take for one that does not read.
			for (int i = 0; i < 3_000; i++) {
				this.stream.tick();
				assertThat(viewer.next().number()).isEqualTo(this.server.history.last());
			}
			this.server.nanos.addAndGet(Viewer.PATIENCE_NANOS + 1);
			tick(1);
			await().until(() -> this.server.viewers.count() == 1);
			assertThat(viewer.next().number()).isEqualTo(3_001);
			assertThat(stalled.receiveToEnd().length)
				.isLessThan(3_000 * Objects.requireNonNull(this.server.history.get(3_001)).length);
		}
	}

	@Test
	void whoIsTooManyIsTurnedAway() throws Exception {
		List<TestClient> clients = new ArrayList<>();
		try {
			int most = Viewers.MOST - Viewers.FOR_OPERATORS;
			for (int i = 0; i < most; i++) {
				clients.add(unread());
			}
			await().until(() -> this.server.viewers.count() == most);
			try (TestClient late = unread()) {
				assertThat(new String(late.receive(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 503");
			}
			clients.removeFirst().close();
			await().until(() -> this.server.viewers.count() == most - 1);
			try (TestClient next = unread()) {
				assertThat(new String(next.receive(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
			}
		}
		finally {
			for (TestClient client : clients) {
				client.close();
			}
		}
	}

	@Test
	void operatorsHavePlacesThatViewersDoNotTake() {
		for (int i = 0; i < Viewers.MOST - Viewers.FOR_OPERATORS; i++) {
			assertThat(this.server.viewers.enter(0, false, () -> false)).isNotNull();
		}
		assertThat(this.server.viewers.enter(0, false, () -> false)).isNull();
		for (int i = 0; i < Viewers.FOR_OPERATORS; i++) {
			assertThat(this.server.viewers.enter(0, true, () -> false)).isNotNull();
		}
		assertThat(this.server.viewers.enter(0, true, () -> false)).isNull();
	}

	@Test
	void whoLoggedOutIsSentAwayAlsoWhenThereIsNoSample() {
		AtomicBoolean loggedOut = new AtomicBoolean();
		this.server.viewers.enter(0, false, loggedOut::get);
		this.server.fails = true;
		assertThatIllegalStateException().isThrownBy(this.stream::tick);
		assertThat(this.server.viewers.count()).isEqualTo(1);
		loggedOut.set(true);
		assertThatIllegalStateException().isThrownBy(this.stream::tick);
		assertThat(this.server.viewers.count()).isZero();
	}

	@Test
	void pageThatCouldNotBeReadIsReadForTheNextWhoAsks() throws Exception {
		AtomicBoolean fails = new AtomicBoolean(true);
		StatsRoutes routes = new StatsRoutes(this.server.history, this.server.viewers, () -> {
			if (fails.getAndSet(false)) {
				throw new UncheckedIOException(new IOException("Too many open files"));
			}
			return Assets.load();
		});
		WebTestClient client = WebTestClient.bindToRouterFunction(routes.routes()).build();
		client.get().uri("/login").exchange().expectStatus().is5xxServerError();
		client.get().uri("/login").exchange().expectStatus().isOk();
	}

	@Test
	void heartGoesOnBeatingWhenThereIsNoSample() throws Exception {
		try (TestClient client = unread()) {
			this.server.fails = true;
			StringBuilder received = new StringBuilder();
			await().until(() -> {
				assertThatIllegalStateException().isThrownBy(this.stream::tick);
				int there = client.socket().getInputStream().available();
				received.append(new String(client.receive(there), StandardCharsets.US_ASCII));
				return received.indexOf(": no news\n\n") >= 0;
			});
			assertThat(this.server.history.last()).isZero();
		}
	}

	@Test
	void endIsTheLastThatIsSent() throws Exception {
		tick(3);
		try (EventStream viewer = viewer()) {
			assertThat(viewer.next((event) -> event.number() == 3).name()).isEqualTo("sample");
			CountDownLatch stopped = new CountDownLatch(1);
			this.stream.stop(stopped::countDown);
			Event end = viewer.next();
			assertThat(end.name()).isEqualTo("end");
			assertThat(end.data()).isEqualTo("{\"outcome\":\"CLEAN\",\"exitCode\":0}");
			viewer.awaitOver();
			assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
			try (EventStream late = viewer()) {
				assertThat(late.next().name()).isEqualTo("end");
				late.awaitOver();
			}
		}
	}

	@Test
	void endDoesNotWaitForWhoDoesNotRead() throws Exception {
		try (TestClient stalled = unread()) {
			await().until(() -> this.server.viewers.count() == 1);
			tick(3_000);
			CountDownLatch stopped = new CountDownLatch(1);
			this.stream.stop(stopped::countDown);
			assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
			stalled.receiveToEnd();
			await().until(() -> this.server.viewers.count() == 0);
		}
	}

}
