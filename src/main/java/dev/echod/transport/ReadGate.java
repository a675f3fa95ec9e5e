package dev.echod.transport;

import io.netty.channel.socket.SocketChannelConfig;

/**
 * The reasons not to read from a connection now. It is read from while there are none,
 * and to its end once what comes is discarded. Used on the connection's event loop, but
 * where it says otherwise.
 */
final class ReadGate {

	private final SocketChannelConfig config;

	/**
	 * A bit for each reason.
	 */
	private volatile int reasons;

	private boolean discarding;

	private boolean inputEnded;

	ReadGate(SocketChannelConfig config) {
		this.config = config;
	}

	/**
	 * Whether there is no reason not to read; from any thread.
	 */
	boolean isOpen() {
		return this.reasons == 0;
	}

	/**
	 * Whether what comes is to be handled: there is no reason not to read, nor to
	 * discard.
	 */
	boolean passes() {
		return this.reasons == 0 && !this.discarding;
	}

	boolean has(Reason reason) {
		return (this.reasons & reason.bit) != 0;
	}

	/**
	 * Adds or removes a reason.
	 * @return whether that opened the gate
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate") // written on the event loop alone
	boolean set(Reason reason, boolean present) {
		int before = this.reasons;
		int after = present ? before | reason.bit : before & ~reason.bit;
		if (after == before) {
			return false;
		}
		this.reasons = after;
		adjust();
		return after == 0;
	}

	/**
	 * Has all be read that comes.
	 */
	void discard() {
		this.discarding = true;
		adjust();
	}

	/**
	 * All was read: nothing can be asked of the socket any more.
	 */
	void inputEnded() {
		this.inputEnded = true;
	}

	private void adjust() {
		if (!this.inputEnded) {
			this.config.setAutoRead(this.reasons == 0 || this.discarding);
		}
	}

	/**
	 * Why a connection is not read from.
	 */
	enum Reason {

		/**
		 * The peer does not take what is written to it.
		 */
		PEER_SLOW(1),

		/**
		 * The listener has not handled what was read before.
		 */
		LISTENER_BEHIND(2),

		/**
		 * Others that its messages go to have to catch up.
		 */
		HELD(4);

		private final int bit;

		Reason(int bit) {
			this.bit = bit;
		}

	}

}
