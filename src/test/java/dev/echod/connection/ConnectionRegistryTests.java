package dev.echod.connection;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the registry tells while connections come and go on several threads.
 */
@Timeout(60)
class ConnectionRegistryTests {

	private static final int THREADS = 4;

	private static final int EACH = 2_000;

	private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final ConnectionIds ids = new ConnectionIds();

	private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);

	@AfterEach
	void stop() throws InterruptedException {
		this.executor.shutdownNow();
		assertThat(this.executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
	}

	private ServedConnection connection(String id, Traffic traffic) {
		return new ServedConnection(id, "echo", new Endpoints(PEER, PEER), new RecordingWire(),
				new ConnectionActivity(traffic, 0));
	}

	private ServedConnection open() {
		ServedConnection connection = connection(this.ids.next("echo"), this.registry.trafficOfThreads("echo"));
		this.registry.opened(connection);
		return connection;
	}

	/**
	 * Opens and closes connections on all threads.
	 */
	private List<Future<Void>> comeAndGo() {
		CountDownLatch together = new CountDownLatch(THREADS);
		List<Future<Void>> threads = new ArrayList<>();
		for (int thread = 0; thread < THREADS; thread++) {
			String loop = "loop " + thread;
			threads.add(this.executor.submit((Callable<Void>) () -> {
				together.countDown();
				together.await();
				for (int i = 0; i < EACH; i++) {
					Traffic traffic = (i % 2 == 0) ? this.registry.trafficOf("echo", loop)
							: this.registry.trafficOfThreads("echo");
					ServedConnection connection = connection("%s-%d".formatted(loop, i), traffic);
					this.registry.opened(connection);
					connection.activity().received(3, 0);
					connection.activity().messageReceived();
					connection.activity().sent(2, 0);
					assertThat(connection.ended(this.registry)).isTrue();
				}
				return null;
			}));
		}
		return threads;
	}

	private static boolean running(List<Future<Void>> threads) {
		return threads.stream().anyMatch((thread) -> !thread.isDone());
	}

	private static void join(List<Future<Void>> threads) throws Exception {
		for (Future<Void> thread : threads) {
			thread.get(60, TimeUnit.SECONDS);
		}
	}

	@Test
	void totalsNeverFallAndAreExactInTheEnd() throws Exception {
		List<Future<Void>> threads = comeAndGo();
		ConnectionTotals before = this.registry.totals("echo");
		while (running(threads)) {
			ConnectionTotals now = this.registry.totals("echo");
			assertThat(now.opened()).isGreaterThanOrEqualTo(before.opened());
			assertThat(now.closed()).isGreaterThanOrEqualTo(before.closed());
			assertThat(now.bytesReceived()).isGreaterThanOrEqualTo(before.bytesReceived());
			assertThat(now.bytesSent()).isGreaterThanOrEqualTo(before.bytesSent());
			assertThat(now.messages()).isGreaterThanOrEqualTo(before.messages());
			assertThat(now.active()).isNotNegative();
			before = now;
		}
		join(threads);
		long all = THREADS * EACH;
		assertThat(this.registry.totals("echo"))
			.isEqualTo(new ConnectionTotals(0, 0, all, all, 0, 0, 3 * all, 2 * all, all));
		assertThat(this.registry.connections()).isEmpty();
		assertThat(this.registry.awaitNone("echo", 0)).isTrue();
	}

	@Test
	void recentlyClosedAreAThousandAndTheLatestOfEachThreadIsFirst() throws Exception {
		List<Future<Void>> threads = comeAndGo();
		while (running(threads)) {
			assertThat(this.registry.closedConnections()).hasSizeLessThanOrEqualTo(1_000).doesNotHaveDuplicates();
		}
		join(threads);
		assertThat(this.registry.closedConnections()).hasSize(1_000);
		assertLatestFirst(this.registry.closedConnections());
	}

	private static void assertLatestFirst(List<ClosedConnection> closed) {
		Map<String, Integer> latest = new HashMap<>();
		for (ClosedConnection connection : closed) {
			int dash = connection.id().lastIndexOf('-');
			int number = Integer.parseInt(connection.id().substring(dash + 1));
			Integer later = latest.put(connection.id().substring(0, dash), number);
			assertThat(later == null || later > number).as("%s comes after %s", connection.id(), later).isTrue();
		}
	}

	@Test
	void latestThatClosedIsFirst() {
		for (int i = 0; i < 1_005; i++) {
			open().ended(this.registry);
		}
		assertThat(this.registry.closedConnections()).hasSize(1_000);
		assertThat(this.registry.closedConnections().getFirst().id()).isEqualTo("echo-3ed");
		assertThat(this.registry.closedConnections().getLast().id()).isEqualTo("echo-6");
	}

	@Test
	void closeListenerThatThrowsKeepsNoConnection() {
		List<String> told = new ArrayList<>();
		this.registry.onClosed((closed) -> {
			throw new IllegalStateException("of a test");
		});
		this.registry.onClosed((closed) -> {
			throw new StackOverflowError("of a test");
		});
		this.registry.onClosed((closed) -> told.add(closed.id()));
		ServedConnection connection = open();
		assertThat(connection.ended(this.registry)).isTrue();
		assertThat(told).containsExactly(connection.id());
		assertThat(this.registry.connections()).isEmpty();
		assertThat(this.registry.totals("echo").closed()).isEqualTo(1);
		assertThat(this.registry.closedConnections()).hasSize(1);
	}

	@Test
	void whoIsToldOfAClosedConnectionAndTakesLongHoldsUpNobody() throws Exception {
		CountDownLatch told = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		this.registry.onClosed((closed) -> {
			told.countDown();
			try {
				goOn.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		ServedConnection closing = open();
		Future<Boolean> closed = this.executor.submit(() -> closing.ended(this.registry));
		assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
		Future<Void> others = this.executor.submit((Callable<Void>) () -> {
			assertThat(this.registry.connections()).containsExactly(closing);
			ServedConnection later = open();
			assertThat(new OpenConnections(this.registry).find("echo-2")).isSameAs(later);
			assertThat(this.registry.connections()).hasSize(2);
			assertThat(this.registry.totals("echo")).returns(2L, ConnectionTotals::opened)
				.returns(0L, ConnectionTotals::closed);
			assertThat(this.registry.closedConnections()).isEmpty();
			return null;
		});
		others.get(10, TimeUnit.SECONDS);
		goOn.countDown();
		assertThat(closed.get(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.registry.connections()).hasSize(1);
	}

	@Test
	void arrivalsOfAllListenersAreSeenAsTheyComeAndGo() {
		Collection<Arrival> all = this.registry.arrivals();
		Arrival arrival = new Arrival() {

			@Override
			public long acceptedNanos() {
				return 0;
			}

			@Override
			public void expire() {
			}

			@Override
			public void end(CloseReason reason) {
			}

		};
		this.registry.arriving("echo", arrival);
		this.registry.arriving("other", arrival);
		assertThat(all).containsExactly(arrival, arrival).hasSize(2);
		this.registry.arrived("echo", arrival);
		assertThat(all).containsExactly(arrival).hasSize(1);
	}

	@Test
	void whoIsToldOfAClosedConnectionStillFindsItOpen() {
		List<Boolean> found = new ArrayList<>();
		this.registry.onClosed((closed) -> found.add(this.registry.connection(closed.id()) != null));
		open().ended(this.registry);
		assertThat(found).containsExactly(true);
	}

	@Test
	void connectionThatEndsTwiceIsToldOnce() {
		ServedConnection connection = open();
		assertThat(connection.ended(this.registry)).isTrue();
		assertThat(connection.ended(this.registry)).isFalse();
		assertThat(this.registry.totals("echo").closed()).isEqualTo(1);
		assertThat(this.registry.closedConnections()).hasSize(1);
	}

	@Test
	void openConnectionIsFoundByItsId() {
		ServedConnection connection = open();
		assertThat(connection.id()).isEqualTo("echo-1");
		assertThat(this.registry.connection("echo-1")).isSameAs(connection);
		assertThat(this.registry.connection("echo-2")).isNull();
		connection.ended(this.registry);
		assertThat(this.registry.connection("echo-1")).isNull();
	}

	@Test
	void idsOfSeveralThreadsAreUnique() throws Exception {
		Set<String> all = ConcurrentHashMap.newKeySet();
		List<Future<Void>> threads = new ArrayList<>();
		for (int thread = 0; thread < THREADS; thread++) {
			threads.add(this.executor.submit((Callable<Void>) () -> {
				for (int i = 0; i < EACH; i++) {
					all.add(this.ids.next("echo"));
				}
				return null;
			}));
		}
		join(threads);
		assertThat(all).hasSize(THREADS * EACH).allMatch((id) -> id.matches("echo-[0-9a-f]+"));
	}

	@Test
	void refusedClientsAreCountedByReason() {
		this.registry.refused("echo", RefusalReason.STOPPING);
		this.registry.refused("echo", RefusalReason.PROCESS_LIMIT);
		this.registry.refused("echo", RefusalReason.PROCESS_LIMIT);
		assertThat(this.registry.refusals("echo", RefusalReason.PROCESS_LIMIT)).isEqualTo(2);
		assertThat(this.registry.refusals("other", RefusalReason.PROCESS_LIMIT)).isZero();
		assertThat(this.registry.totals("echo").refused()).isEqualTo(3);
	}

	@Test
	void waitForTheLastConnectionHasABound() {
		open();
		assertThat(this.registry.awaitNone("echo", TimeUnit.MILLISECONDS.toNanos(20))).isFalse();
	}

	@Test
	void wallClockThatIsSetMakesNoConnectionOlder() {
		OpenConnection opened = aged(Duration.ofMinutes(5), Instant.EPOCH);
		OpenConnection later = aged(Duration.ofMinutes(15), Instant.now().plus(Duration.ofDays(1)));
		ConnectionFilter filter = new ConnectionFilter(null, null, null, Duration.ofMinutes(10), null);
		assertThat(filter.test(opened)).isFalse();
		assertThat(filter.test(later)).isTrue();
	}

	private static OpenConnection aged(Duration age, Instant openedAt) {
		Map<String, Object> figures = Map.of("age", age, "openedAt", openedAt);
		return (OpenConnection) Proxy.newProxyInstance(OpenConnection.class.getClassLoader(),
				new Class<?>[] { OpenConnection.class }, (proxy, method, args) -> figures.get(method.getName()));
	}

}
