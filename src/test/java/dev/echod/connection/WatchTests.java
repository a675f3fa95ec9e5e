package dev.echod.connection;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whom the watch cuts off, and whom not; the test moves the clock and looks itself.
 */
class WatchTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final RecordingWire wire = new RecordingWire();

	private final ServedConnection connection = new ServedConnection("echo-1", "echo",
			InetSocketAddress.createUnresolved("peer", 1), InetSocketAddress.createUnresolved("local", 2), this.wire,
			new ConnectionActivity(Traffic.unknown(), 0));

	private final List<ServedConnection> open = new ArrayList<>(List.of(this.connection));

	private final Watch watch = new Watch(this.open, LIMIT, () -> Long.MAX_VALUE, this.wire::nanoTime);

	private void sweepEachSecond(int seconds) {
		for (int i = 0; i < seconds; i++) {
			this.watch.sweep();
			this.wire.pass(SECOND);
		}
	}

	@Test
	void peerThatTakesNothingIsResetAfterTheLimit() {
		this.wire.pendingBytes = 100;
		sweepEachSecond(10);
		assertThat(this.wire.told()).isEmpty();
		this.watch.sweep();
		assertThat(this.wire.told()).containsExactly("reset");
		assertThat(this.connection.state()).isEqualTo(ConnectionState.CLOSING);
		assertThat(this.connection.life().ended()).isEqualTo(CloseReason.SLOW_READER);
	}

	@Test
	void peerThatTakesLittleIsKept() {
		this.wire.pendingBytes = 100;
		for (int i = 0; i < 20; i++) {
			sweepEachSecond(9);
			this.wire.taken++;
		}
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void peerThatTakesAByteIsGivenTheWholeLimitAgain() {
		this.wire.pendingBytes = 100;
		sweepEachSecond(10);
		this.wire.taken++;
		sweepEachSecond(10);
		assertThat(this.wire.told()).isEmpty();
		this.watch.sweep();
		assertThat(this.wire.told()).containsExactly("reset");
	}

	@Test
	void peerThatCaughtUpIsForgotten() {
		this.wire.pendingBytes = 100;
		sweepEachSecond(9);
		this.wire.pendingBytes = 0;
		sweepEachSecond(1);
		this.wire.pendingBytes = 100;
		sweepEachSecond(10);
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void peerThatCaughtUpBeforeItWasLookedAtIsForgotten() {
		this.wire.pendingBytes = 100;
		sweepEachSecond(10);
		this.wire.queue();
		this.watch.sweep();
		this.wire.pendingBytes = 0;
		this.wire.runQueued();
		this.wire.pendingBytes = 100;
		sweepEachSecond(1);
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void connectionThatOwesNothingIsNotLookedAt() {
		sweepEachSecond(20);
		assertThat(this.wire.executed()).isZero();
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void connectionThatIsGoneIsNotLookedAt() {
		this.wire.pendingBytes = 100;
		sweepEachSecond(5);
		this.open.clear();
		int before = this.wire.executed();
		sweepEachSecond(20);
		assertThat(this.wire.executed()).isEqualTo(before);
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void connectionThatClosesInOrderIsCutOffAsWell() {
		this.connection.close(CloseReason.OPERATOR_CLOSED);
		this.wire.pendingBytes = 100;
		Watch early = new Watch(this.open, SECOND, () -> Long.MAX_VALUE, this.wire::nanoTime);
		early.sweep();
		this.wire.pass(SECOND);
		early.sweep();
		assertThat(this.wire.told()).containsExactly("discard", "finish", "reset");
	}

	@Test
	void limitOfZeroIsNone() {
		Watch none = new Watch(this.open, Duration.ZERO, () -> Long.MAX_VALUE, this.wire::nanoTime);
		this.wire.pendingBytes = 100;
		none.start("echo");
		none.stop();
		assertThat(this.wire.executed()).isZero();
	}

	@Test
	void watchThatWasStoppedRemembersNobody() {
		this.wire.pendingBytes = 100;
		sweepEachSecond(10);
		this.watch.stop();
		this.watch.sweep();
		assertThat(this.wire.told()).isEmpty();
	}

}
