package dev.echod.client.load;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who is late, client or target. Times are in milliseconds; the event loop's pulse was
 * due at 1.
 */
class LatenessTests {

	private final Pulse pulse = new Pulse();

	private final Lateness lateness = new Lateness(this.pulse, 0);

	private static long millis(long millis) {
		return millis * Pulse.PERIOD_NANOS;
	}

	private void beat(long at) {
		this.pulse.beat(millis(at));
	}

	private long ofMessage(long due, long now) {
		return this.lateness.ofMessage(millis(due), millis(now)) / Pulse.PERIOD_NANOS;
	}

	private long ofReply(long lag, long written, long now) {
		return this.lateness.ofReply(millis(lag), millis(written), millis(now)) / Pulse.PERIOD_NANOS;
	}

	@Test
	void messageIsLateSinceItWasDue() {
		beat(0);
		assertThat(ofMessage(10, 10)).isZero();
		assertThat(ofMessage(10, 15)).isEqualTo(5);
	}

	/**
	 * The target was slow, and the event loop there all the time.
	 */
	@Test
	void messageThatHadToWaitForAReplyIsNotLate() {
		beat(209);
		assertThat(ofReply(0, 10, 210)).isZero();
		this.lateness.ready(millis(210), 0);
		assertThat(ofMessage(20, 210)).isZero();
	}

	@Test
	void replyThatCameWhileTheClientStoodStillIsLate() {
		beat(9);
		assertThat(ofReply(0, 10, 210)).isEqualTo(200);
	}

	@Test
	void replyIsNotLateForLessThanThePulseTells() {
		beat(9);
		assertThat(ofReply(0, 10, 11)).isZero();
		assertThat(ofReply(0, 10, 12)).isEqualTo(2);
	}

	@Test
	void replyIsNotLateByMoreThanItTook() {
		beat(9);
		assertThat(ofReply(0, 150, 210)).isEqualTo(60);
	}

	/**
	 * One message is in flight at a time, one is due every 10 ms, each takes 5: the
	 * client stood still from 10 to 210, and it takes a while until it has caught up.
	 */
	@Test
	void whatPilesUpBehindALateReplyIsLateUntilItHasCaughtUp() {
		beat(9);
		long lag = ofReply(0, 10, 210);
		for (int message = 1; message <= 80; message++) {
			long due = 10 + 10L * message;
			long written = Math.max(due, 205 + 5L * message);
			this.lateness.ready(millis(205 + 5L * message), millis(lag));
			lag = ofMessage(due, written);
			beat(written + 5);
			lag = ofReply(lag, written, written + 5);
			// It were answered 5 ms after it was due.
			assertThat(written + 5 - due - lag).isEqualTo(5);
		}
		assertThat(lag).isZero();
	}

	/**
	 * The same, where it is the target that stood still.
	 */
	@Test
	void whatPilesUpBehindALateTargetIsNotLate() {
		beat(209);
		long lag = ofReply(0, 10, 210);
		for (int message = 1; message <= 10; message++) {
			this.lateness.ready(millis(205 + 5L * message), millis(lag));
			lag = ofMessage(10 + 10 * message, 205 + 5 * message);
			beat(210 + 5 * message);
			lag = ofReply(lag, 205 + 5 * message, 210 + 5 * message);
			assertThat(lag).isZero();
		}
	}

}
