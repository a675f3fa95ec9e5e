package dev.echod.connection;

import org.jspecify.annotations.Nullable;

/**
 * Why a connection ends, and what began it: of each, what was told first.
 */
final class Ending {

	private @Nullable CloseReason reason;

	private @Nullable EndSignal signal;

	void because(CloseReason because) {
		if (this.reason == null) {
			this.reason = because;
		}
	}

	/**
	 * A reason that takes the place of one that was told before.
	 */
	void nowBecause(CloseReason because) {
		this.reason = because;
	}

	void signalled(EndSignal first) {
		if (this.signal == null) {
			this.signal = first;
		}
	}

	CloseReason reason() {
		return (this.reason != null) ? this.reason : CloseReason.CLOSED;
	}

	EndSignal signal() {
		return (this.signal != null) ? this.signal : EndSignal.of(reason());
	}

}
