package dev.echod.connection;

import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

import dev.echod.testing.UsedHeap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Which closed connections are kept, and how long; the test moves the clock.
 */
class RecentlyClosedTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - HOUR.toNanos());

	private RecentlyClosed keeping(int count, Duration age) {
		return new RecentlyClosed(new ClosedConnectionsProperties(count, age), this.clock::get);
	}

	private void pass(Duration time) {
		this.clock.addAndGet(time.toNanos());
	}

	/**
	 * With nothing that others share but the listener's name, as it comes from a socket.
	 */
	private static ClosedConnection closed(int number) {
		try {
			byte[] address = { 10, (byte) (number >> 16), (byte) (number >> 8), (byte) number };
			return new ClosedConnection("echo-" + Integer.toHexString(number), "echo",
					new Endpoints(new InetSocketAddress(InetAddress.getByAddress(address), 40_000),
							new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }), 8080)),
					Instant.EPOCH.plusNanos(number), Duration.ofNanos(number), CloseReason.PEER_CLOSED, null,
					EndSignal.PEER_FIN, null, 1, 1, 1);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * With all that may be kept of one that was proxied and encrypted, as long as it
	 * gets.
	 */
	private static ClosedConnection largest(int number) {
		ClosedConnection closed = closed(number);
		InetSocketAddress peer = address(number);
		TlsDetails tls = new TlsDetails("TLSv1.3", "TLS_AES_256_GCM_SHA384", "…".repeat(256), "…".repeat(256), false);
		return new ClosedConnection(closed.id(), closed.listener(),
				new Endpoints(peer, address(0), address(number), tls), closed.openedAt(), closed.duration(),
				closed.reason(), null, closed.firstSignal(), new TcpFigures(number, number), 1, 1, 1);
	}

	private static InetSocketAddress address(int number) {
		byte[] address = ByteBuffer.allocate(16).putInt(0x20010db8).putInt(12, number).array();
		try {
			return new InetSocketAddress(InetAddress.getByAddress(address), 40_000);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<String> ids(List<ClosedConnection> connections) {
		return connections.stream().map(ClosedConnection::id).toList();
	}

	@Test
	void lastOnesAreKeptTheLatestFirst() {
		RecentlyClosed recent = keeping(3, Duration.ZERO);
		for (int i = 1; i <= 5; i++) {
			recent.add(closed(i));
		}
		assertThat(ids(recent.latestFirst(null))).containsExactly("echo-5", "echo-4", "echo-3");
	}

	@Test
	void countOfZeroKeepsNone() {
		RecentlyClosed recent = keeping(0, HOUR);
		recent.add(closed(1));
		recent.forgetExpired();
		assertThat(recent.latestFirst(null)).isEmpty();
	}

	@Test
	void whoClosedLongAgoIsNotThereAnyMore() {
		RecentlyClosed recent = keeping(10, HOUR);
		recent.add(closed(1));
		pass(HOUR.minusMinutes(10));
		recent.add(closed(2));
		pass(Duration.ofMinutes(10));
		assertThat(ids(recent.latestFirst(null))).containsExactly("echo-2", "echo-1");
		pass(Duration.ofNanos(1));
		assertThat(ids(recent.latestFirst(null))).containsExactly("echo-2");
	}

	@Test
	void ageOfZeroIsNoLimit() {
		RecentlyClosed recent = keeping(10, Duration.ZERO);
		recent.add(closed(1));
		pass(Duration.ofDays(10_000));
		recent.forgetExpired();
		assertThat(recent.latestFirst(null)).hasSize(1);
	}

	@Test
	void sinceChoosesWhoClosedNoLongerAgo() {
		RecentlyClosed recent = keeping(10, HOUR);
		recent.add(closed(1));
		pass(Duration.ofMinutes(10));
		recent.add(closed(2));
		assertThat(ids(recent.latestFirst(Duration.ofMinutes(10)))).containsExactly("echo-2", "echo-1");
		pass(Duration.ofNanos(1));
		assertThat(ids(recent.latestFirst(Duration.ofMinutes(10)))).containsExactly("echo-2");
		assertThat(recent.latestFirst(Duration.ofSeconds(Long.MAX_VALUE))).hasSize(2);
	}

	@Test
	void memoryOfWhoClosedLongAgoIsFreedThoughNobodyClosesAnyMore() {
		ConnectionRegistry registry = new ConnectionRegistry(new ClosedConnectionsProperties(10, HOUR),
				this.clock::get);
		InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
		InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
		ServedConnection connection = new ServedConnection("echo-1", "echo", new Endpoints(peer, local),
				new RecordingWire(), new ConnectionActivity(Traffic.unknown(), 0));
		connection.activity().received(1, 0);
		registry.opened(connection);
		connection.ended(registry);
		WeakReference<ClosedConnection> kept = new WeakReference<>(registry.closedConnections().getFirst());
		RepeatedTask expiry = new RepeatedTask("expiry", Duration.ofMillis(1), registry::forgetExpired);
		expiry.start();
		try {
			pass(HOUR);
			System.gc();
			assertThat(kept.get()).isNotNull();
			pass(Duration.ofNanos(1));
			await().until(() -> {
				System.gc();
				return kept.get() == null;
			});
		}
		finally {
			expiry.stop();
		}
	}

	/**
	 * With the service's own flags it is 380 bytes, as the documentation says; the tests
	 * run without compact object headers.
	 */
	@Test
	void keptConnectionTakesLessThanHalfAKilobyte() {
		assertThat(bytesOfEach(RecentlyClosedTests::closed)).isLessThan(500);
	}

	/**
	 * With the service's own flags it is 1.8 KB, as the documentation says.
	 */
	@Test
	void keptConnectionTakesTwoKilobytesWhateverItsClientSaysOfItself() {
		assertThat(bytesOfEach(RecentlyClosedTests::largest)).isLessThan(2_048);
	}

	private long bytesOfEach(IntFunction<ClosedConnection> connections) {
		int count = 50_000;
		long before = UsedHeap.bytes();
		RecentlyClosed recent = keeping(count, HOUR);
		for (int i = 0; i < count; i++) {
			recent.add(connections.apply(i));
		}
		long each = (UsedHeap.bytes() - before) / count;
		assertThat(recent.latestFirst(null)).hasSize(count);
		return each;
	}

}
