package dev.echod.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Which open connections are found, in which order, and how fast they are said to be; the
 * test moves the clock.
 */
class OpenConnectionsTests {

	private static final ConnectionFilter ALL = new ConnectionFilter(null, null, null, null, null);

	private static final InetSocketAddress LOCAL = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final OpenConnections connections = new OpenConnections(this.registry);

	private final RecordingWire wire = new RecordingWire();

	private final Watch watch = new Watch(this.registry.connections("echo"), List.of(),
			new TimeLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO), () -> Long.MAX_VALUE,
			this.wire::nanoTime);

	private ConnectionActivity open(String id, int lastOfAddress) {
		ConnectionActivity activity = new ConnectionActivity(Traffic.unknown(), 0);
		this.registry
			.opened(new ServedConnection(id, "echo", new Endpoints(peer(lastOfAddress), LOCAL), this.wire, activity));
		return activity;
	}

	private static InetSocketAddress peer(int last) {
		try {
			return new InetSocketAddress(InetAddress.getByAddress(new byte[] { 10, 0, 0, (byte) last }), 40_000);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void passAndLook(Duration time) {
		this.wire.pass(time);
		this.watch.sweep();
	}

	private List<OpenConnection> sorted(String sort) {
		return this.connections.find(ALL, new Paging(sort, 0, 100)).entries();
	}

	@Test
	void pagesOfTheSameRankDoNotOverlap() {
		IntStream.range(0, 50).forEach((number) -> open("echo-" + number, 1));
		List<String> seen = new ArrayList<>();
		for (int offset = 0; offset < 50; offset += 7) {
			Page<OpenConnection> page = this.connections.find(ALL, new Paging("-bytesSent", offset, 7));
			assertThat(page).returns(50, Page::total).returns(50, Page::matched);
			page.entries().forEach((connection) -> seen.add(connection.id()));
		}
		assertThat(seen).hasSize(50).doesNotHaveDuplicates();
	}

	@Test
	void whatItCannotBeSortedByIsRefusedWithWhatItCan() {
		assertThatIllegalArgumentException().isThrownBy(() -> sorted("-age"))
			.withMessageContaining("sentPerSecond")
			.withMessageEndingWith("not '-age'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.connections.findPeers(ALL, new Paging("openedAt", 0, 1)))
			.withMessageStartingWith("'sort' takes bytesReceived or bytesSent or connections or");
	}

	@Test
	void topTalkerIsWhoTalksNowAndNotWhoDidOnce() {
		ConnectionActivity once = open("echo-1", 1);
		ConnectionActivity now = open("echo-2", 2);
		ConnectionActivity idle = open("echo-3", 3);
		once.received(10_000_000, 0);
		passAndLook(Duration.ofSeconds(5));
		now.received(5_000, 0);
		now.sent(10_000, 0);
		passAndLook(Duration.ofSeconds(5));
		assertThat(sorted("-receivedPerSecond")).extracting(OpenConnection::id)
			.containsExactly("echo-2", "echo-1", "echo-3");
		assertThat(sorted("-sentPerSecond").getFirst()).returns("echo-2", OpenConnection::id)
			.returns(1_000L, OpenConnection::receivedPerSecond)
			.returns(2_000L, OpenConnection::sentPerSecond);
		assertThat(once.receivedPerSecond()).isZero();
		assertThat(idle.receivedPerSecond()).isZero();
		passAndLook(Duration.ofSeconds(5));
		assertThat(now.receivedPerSecond()).isZero();
		assertThat(now.sentPerSecond()).isZero();
	}

	@Test
	void rateIsOverTheTimeThatHasReallyPassed() {
		ConnectionActivity activity = open("echo-1", 1);
		activity.received(8_000, 0);
		for (int second = 1; second <= 4; second++) {
			passAndLook(Duration.ofSeconds(1));
			assertThat(activity.receivedPerSecond()).isZero();
		}
		passAndLook(Duration.ofSeconds(4));
		assertThat(activity.receivedPerSecond()).isEqualTo(1_000);
	}

	@Test
	void connectionsOfAnAddressAreAddedUp() {
		open("echo-1", 1).received(100, 0);
		open("echo-2", 1).received(200, 0);
		open("echo-3", 2).received(1_000, 0);
		open("echo-4", 3);
		passAndLook(Duration.ofSeconds(5));
		Page<PeerConnections> page = this.connections.findPeers(ALL, new Paging(null, 0, 2));
		assertThat(page).returns(3, Page::total).returns(3, Page::matched);
		assertThat(page.entries()).first().isEqualTo(new PeerConnections(peer(1).getAddress(), 2, 300, 0, 0, 0, 60, 0));
		assertThat(page.entries()).hasSize(2);
		ConnectionFilter first = new ConnectionFilter(null, AddressRange.of("10.0.0.0/31"), null, null, null);
		assertThat(this.connections.findPeers(first, new Paging("-bytesReceived", 0, 10))).returns(3, Page::total)
			.returns(1, Page::matched);
		assertThat(this.connections.findPeers(ALL, new Paging("-receivedPerSecond", 0, 1)).entries()).singleElement()
			.returns(peer(2).getAddress(), PeerConnections::peer)
			.returns(200L, PeerConnections::receivedPerSecond);
	}

}
