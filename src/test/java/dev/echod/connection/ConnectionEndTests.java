package dev.echod.connection;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a connection ends out of order, or on one side only, and what is told of it.
 */
class ConnectionEndTests {

	private static final Duration FIN = Duration.ofSeconds(1);

	private final RecordingWire wire = new RecordingWire();

	private final ConnectionLife life = new ConnectionLife(this.wire);

	@Test
	void clientThatEndsItsOutputStillReads() {
		this.life.shutdownOutput();
		this.wire.finished(true);
		assertThat(this.wire.told()).containsExactly("finish", "fin");
		assertThat(this.life.isClosing()).isFalse();
		assertThat(this.life.owe()).isTrue();
		assertThat(this.wire.dueIn()).isNull();
	}

	@Test
	void outputIsEndedOnce() {
		this.life.shutdownOutput();
		this.life.shutdownOutput();
		assertThat(this.wire.told()).containsExactly("finish");
		assertThat(this.life.isOutputEnded()).isTrue();
	}

	@Test
	void finOfThePeerAfterOursClosesAtOnce() {
		this.life.shutdownOutput();
		this.wire.finished(true);
		this.life.peerEnded();
		assertThat(this.wire.told()).containsExactly("finish", "fin", "close");
		assertThat(this.life.ended()).isEqualTo(CloseReason.PEER_CLOSED);
	}

	@Test
	void finOfThePeerBeforeOursClosesWhenItHasTakenAll() {
		this.life.shutdownOutput();
		this.life.peerEnded();
		assertThat(this.wire.told()).containsExactly("finish");
		this.wire.finished(true);
		assertThat(this.wire.told()).containsExactly("close");
	}

	@Test
	void messageThatIsHandledAfterBothFinsIsHandledBeforeTheClose() {
		this.life.owe();
		this.life.shutdownOutput();
		this.life.peerEnded();
		this.wire.finished(true);
		assertThat(this.wire.told()).containsExactly("finish", "fin");
		this.life.settle();
		assertThat(this.wire.told()).containsExactly("close");
	}

	@Test
	void closeWhileTheOutputEndsWaitsASecondForThePeersFin() {
		this.life.shutdownOutput();
		this.life.close(CloseReason.CLOSED);
		this.wire.finished(true);
		assertThat(this.wire.told()).containsExactly("finish", "discard", "fin");
		assertThat(this.wire.dueIn()).isEqualTo(FIN);
	}

	@Test
	void closeAfterOurFinWaitsASecondForThePeers() {
		this.life.shutdownOutput();
		this.wire.finished(true);
		this.life.close(CloseReason.CLOSED);
		assertThat(this.wire.told()).containsExactly("finish", "fin", "discard");
		assertThat(this.wire.dueIn()).isEqualTo(FIN);
	}

	@Test
	void failureClosesAtOnceWithItsReason() {
		this.life.owe();
		this.life.fail(CloseReason.PEER_RESET);
		assertThat(this.wire.told()).containsExactly("close");
		assertThat(this.life.ended()).isEqualTo(CloseReason.PEER_RESET);
	}

	/**
	 * What is owed is lost: a FIN would say that all has come.
	 */
	@Test
	void failureThatCutsOffResets() {
		this.life.owe();
		this.life.fail(CloseReason.MEMORY_SHORT);
		assertThat(this.wire.told()).containsExactly("reset");
		assertThat(this.life.ended()).isEqualTo(CloseReason.MEMORY_SHORT);
	}

	@Test
	void failureWhileWeCloseKeepsTheFirstReason() {
		this.life.close(CloseReason.OPERATOR_CLOSED);
		this.life.fail(CloseReason.PEER_RESET);
		assertThat(this.wire.told()).containsExactly("discard", "finish", "close");
		assertThat(this.life.ended()).isEqualTo(CloseReason.OPERATOR_CLOSED);
	}

	@Test
	void reasonThatWasToldBeforehandIsKept() {
		this.life.because(CloseReason.UPSTREAM);
		this.life.because(CloseReason.IO_ERROR);
		this.life.peerEnded();
		this.wire.finished(true);
		assertThat(this.life.ended()).isEqualTo(CloseReason.UPSTREAM);
	}

	@Test
	void connectionThatEndsForNoReasonWasClosed() {
		assertThat(this.life.ended()).isEqualTo(CloseReason.CLOSED);
	}

	@Test
	void resetTakesThePlaceOfAReasonThatWasTold() {
		this.life.closePatiently(CloseReason.DRAINED);
		this.wire.finished(true);
		this.life.reset(CloseReason.DRAIN_DEADLINE);
		assertThat(this.wire.told()).containsExactly("discard", "finish", "fin", "reset");
		assertThat(this.life.ended()).isEqualTo(CloseReason.DRAIN_DEADLINE);
	}

	@Test
	void firstSignalIsThePeersFin() {
		this.life.peerEnded();
		this.wire.finished(true);
		assertThat(this.life.firstSignal()).isEqualTo(EndSignal.PEER_FIN);
	}

	@Test
	void firstSignalIsOurFinWhateverFollows() {
		this.life.close(CloseReason.OPERATOR_CLOSED);
		this.wire.finished(true);
		this.life.peerEnded();
		this.life.fail(CloseReason.PEER_RESET);
		assertThat(this.life.firstSignal()).isEqualTo(EndSignal.OUR_FIN);
	}

	@Test
	void firstSignalIsTheResetOfAPeerThatIsToBeSentMore() {
		this.life.close(CloseReason.OPERATOR_CLOSED);
		this.life.fail(CloseReason.PEER_RESET);
		this.life.ended();
		assertThat(this.life.firstSignal()).isEqualTo(EndSignal.PEER_RST);
	}

	@Test
	void firstSignalIsOurResetWhereNothingCameBefore() {
		this.life.reset(CloseReason.SLOW_READER);
		assertThat(this.life.firstSignal()).isEqualTo(EndSignal.OUR_RST);
	}

	@Test
	void closeAtTheDeadlineSendsAFin() {
		this.life.owe();
		this.life.close(CloseReason.OPERATOR_CLOSED);
		this.wire.pass(Duration.ofSeconds(ConnectionLife.FLUSH_SECONDS));
		assertThat(this.life.firstSignal()).isEqualTo(EndSignal.OUR_FIN);
	}

	@Test
	void endIsToldOnce() {
		assertThat(this.life.ended()).isNotNull();
		assertThat(this.life.ended()).isNull();
		assertThat(this.life.isCloseRequested()).isTrue();
		assertThat(this.life.requestClose()).isFalse();
	}

	@Test
	void closeIsRequestedOnce() {
		assertThat(this.life.isCloseRequested()).isFalse();
		assertThat(this.life.requestClose()).isTrue();
		assertThat(this.life.requestClose()).isFalse();
		assertThat(this.life.isCloseRequested()).isTrue();
	}

	@Test
	void abandonedReplyIsRemembered() {
		assertThat(this.life.isAbandoned()).isFalse();
		this.life.abandon();
		assertThat(this.life.isAbandoned()).isTrue();
	}

	@Test
	void afterTheEndNothingReachesTheWire() {
		this.life.owe();
		this.life.close(CloseReason.CLOSED);
		this.wire.told();
		this.life.ended();
		this.life.settle();
		this.life.peerEnded();
		this.life.shutdownOutput();
		this.life.fail(CloseReason.IO_ERROR);
		this.life.reset(CloseReason.SLOW_READER);
		this.life.endPatience();
		this.wire.pass(Duration.ofSeconds(11));
		assertThat(this.wire.told()).isEmpty();
		assertThat(this.life.isOutputEnded()).isTrue();
	}

	@Test
	void finThatIsTakenAfterTheEndIsNotSent() {
		this.life.close(CloseReason.CLOSED);
		this.life.ended();
		this.wire.told();
		this.wire.finished(true);
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void closeThatComesAfterTheEndLeavesNoTimer() {
		this.life.ended();
		this.life.close(CloseReason.OPERATOR_CLOSED);
		this.life.closePatiently(CloseReason.DRAINED);
		assertThat(this.wire.told()).isEmpty();
		assertThat(this.wire.dueIn()).isNull();
	}

}
