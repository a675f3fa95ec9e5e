package dev.echod.connection;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a connection ends in order, whoever ends it, on a wire and a clock of the test's.
 */
class ConnectionLifeTests {

	private static final Duration FLUSH = Duration.ofSeconds(10);

	private static final Duration FIN = Duration.ofSeconds(1);

	private final RecordingWire wire = new RecordingWire();

	private final ConnectionLife life = new ConnectionLife(this.wire);

	@Test
	void peerThatIsOwedNothingIsAnsweredWithTheClose() {
		this.life.peerEnded();
		assertThat(this.wire.told()).containsExactly("finish");
		this.wire.finished(true);
		assertThat(this.wire.told()).containsExactly("close");
		assertThat(this.life.ended()).isEqualTo(CloseReason.PEER_CLOSED);
	}

	@Test
	void repliesOwedAtHalfCloseAreSentBeforeTheClose() {
		this.life.owe();
		this.life.owe();
		this.life.peerEnded();
		this.life.settle();
		assertThat(this.wire.told()).isEmpty();
		this.life.settle();
		assertThat(this.wire.told()).containsExactly("finish");
		assertThat(this.life.isOutputEnded()).isTrue();
		this.wire.finished(true);
		assertThat(this.wire.told()).containsExactly("close");
	}

	@Test
	void peerThatEndedIsWaitedForWithoutABound() {
		this.life.owe();
		this.life.peerEnded();
		assertThat(this.wire.dueIn()).isNull();
		this.life.settle();
		assertThat(this.wire.dueIn()).isNull();
	}

	@Test
	void whatIsAnsweredWhileNobodyEndsEndsNothing() {
		assertThat(this.life.owe()).isTrue();
		assertThat(this.life.owes()).isTrue();
		this.life.settle();
		assertThat(this.life.owes()).isFalse();
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void ourCloseSendsAFinAndWaitsASecondForThePeers() {
		this.life.close(CloseReason.OPERATOR_CLOSED);
		assertThat(this.wire.told()).containsExactly("discard", "finish");
		this.wire.finished(true);
		assertThat(this.wire.told()).containsExactly("fin");
		assertThat(this.wire.dueIn()).isEqualTo(FIN);
		this.life.peerEnded();
		assertThat(this.wire.told()).containsExactly("close");
		assertThat(this.life.ended()).isEqualTo(CloseReason.OPERATOR_CLOSED);
	}

	@Test
	void peerThatSendsNoFinIsClosedAfterASecond() {
		this.life.close(CloseReason.OPERATOR_CLOSED);
		this.wire.finished(true);
		this.wire.pass(FIN.minusNanos(1));
		assertThat(this.wire.told()).doesNotContain("close");
		this.wire.pass(Duration.ofNanos(1));
		assertThat(this.wire.told()).containsExactly("close");
	}

	@Test
	void ourFinIsSentOnlyWhenWhatIsOwedWasSent() {
		this.life.owe();
		this.life.close(CloseReason.CLOSED);
		assertThat(this.wire.told()).containsExactly("discard");
		this.wire.pass(Duration.ofSeconds(9));
		this.life.settle();
		assertThat(this.wire.told()).containsExactly("finish");
		this.wire.finished(true);
		assertThat(this.wire.told()).containsExactly("fin");
		assertThat(this.wire.dueIn()).isEqualTo(FIN);
	}

	@Test
	void whatIsNotAnsweredWithinTenSecondsIsGivenUp() {
		this.life.owe();
		this.life.close(CloseReason.CLOSED);
		assertThat(this.wire.dueIn()).isEqualTo(FLUSH);
		this.wire.pass(FLUSH);
		assertThat(this.wire.told()).containsExactly("discard", "close");
		assertThat(this.life.ended()).isEqualTo(CloseReason.CLOSED);
	}

	@Test
	void whatThePeerDoesNotTakeWithinTenSecondsIsGivenUp() {
		this.life.close(CloseReason.CLOSED);
		this.wire.pass(FLUSH);
		assertThat(this.wire.told()).containsExactly("discard", "finish", "close");
	}

	@Test
	void whatComesInWhileWeCloseIsNotAnswered() {
		assertThat(this.life.isClosing()).isFalse();
		this.life.close(CloseReason.CLOSED);
		assertThat(this.life.isClosing()).isTrue();
		assertThat(this.life.owe()).isFalse();
		assertThat(this.life.owes()).isFalse();
	}

	@Test
	void finOfThePeerWhileWeStillOweWaitsForTheReply() {
		this.life.owe();
		this.life.close(CloseReason.CLOSED);
		this.life.peerEnded();
		assertThat(this.wire.told()).containsExactly("discard");
		this.life.settle();
		this.wire.finished(true);
		assertThat(this.wire.told()).containsExactly("finish", "close");
		assertThat(this.life.ended()).isEqualTo(CloseReason.CLOSED);
	}

	@Test
	void finOfThePeerWhileItTakesTheLastReplyClosesWhenItHasIt() {
		this.life.close(CloseReason.CLOSED);
		this.life.peerEnded();
		assertThat(this.wire.told()).containsExactly("discard", "finish");
		this.wire.finished(true);
		assertThat(this.wire.told()).containsExactly("close");
	}

	@Test
	void ourCloseAfterThePeersFinBoundsTheWait() {
		this.life.owe();
		this.life.peerEnded();
		this.life.close(CloseReason.LISTENER_STOPPED);
		assertThat(this.wire.dueIn()).isEqualTo(FLUSH);
		this.wire.pass(FLUSH);
		assertThat(this.wire.told()).containsExactly("discard", "close");
		assertThat(this.life.ended()).isEqualTo(CloseReason.LISTENER_STOPPED);
	}

	@Test
	void peerThatCanHaveNoMoreIsClosed() {
		this.life.close(CloseReason.CLOSED);
		this.wire.finished(false);
		assertThat(this.wire.told()).containsExactly("discard", "finish", "close");
	}

	@Test
	void drainWaitsForThePeersFinAsLongAsItTakes() {
		this.life.closePatiently(CloseReason.DRAINED);
		this.wire.finished(true);
		assertThat(this.wire.told()).containsExactly("discard", "finish", "fin");
		assertThat(this.wire.dueIn()).isNull();
		this.life.peerEnded();
		assertThat(this.wire.told()).containsExactly("close");
		assertThat(this.life.ended()).isEqualTo(CloseReason.DRAINED);
	}

	@Test
	void patienceThatEndsLeavesThePeerASecondForItsFin() {
		this.life.closePatiently(CloseReason.DRAINED);
		this.wire.finished(true);
		this.life.endPatience();
		assertThat(this.wire.dueIn()).isEqualTo(FIN);
		this.wire.pass(FIN);
		assertThat(this.wire.told()).containsExactly("discard", "finish", "fin", "close");
		assertThat(this.life.ended()).isEqualTo(CloseReason.DRAINED);
	}

	@Test
	void patienceThatEndsBeforeOurFinLeavesTimeForItToo() {
		this.life.closePatiently(CloseReason.DRAINED);
		this.life.endPatience();
		assertThat(this.wire.dueIn()).isEqualTo(FLUSH);
		this.wire.finished(true);
		assertThat(this.wire.told()).containsExactly("discard", "finish", "fin");
		assertThat(this.wire.dueIn()).isEqualTo(FIN);
	}

	@Test
	void patienceEndsOnce() {
		this.life.closePatiently(CloseReason.DRAINED);
		this.wire.finished(true);
		this.life.endPatience();
		this.wire.pass(Duration.ofMillis(900));
		this.life.endPatience();
		assertThat(this.wire.dueIn()).isEqualTo(Duration.ofMillis(100));
	}

	@Test
	void whoWasGivenNoPatienceLosesNone() {
		this.life.endPatience();
		assertThat(this.wire.dueIn()).isNull();
	}

}
