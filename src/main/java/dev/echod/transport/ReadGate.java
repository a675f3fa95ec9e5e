package dev.echod.transport;

import io.netty.channel.socket.SocketChannelConfig;

/**
 * The reasons not to read from a connection now. It is read from while there are none,
 * and to its end once what comes is discarded. Used on the connection's event loop, but
 * where it says otherwise.
 */
final class ReadGate {

	private static final int NOT_TO_HANDLE = ~Reason.MEMORY_SHORT.bit;

	private final SocketChannelConfig config;

	@SuppressWarnings("NullAway.Init") // set before anything is read
	private Listener listener;

	/**
	 * A bit for each reason.
	 */
	private volatile int reasons;

	/**
	 * Whether something may be unread or kept since there was a reason.
	 */
	private volatile boolean behind;

	private boolean discarding;

	private boolean inputEnded;

	private boolean outputEnded;

	ReadGate(SocketChannelConfig config) {
		this.config = config;
	}

	/**
	 * Sets who is told.
	 */
	void tell(Listener told) {
		this.listener = told;
	}

	/**
	 * Whether there is no reason not to handle what was read; from any thread.
	 */
	boolean isOpen() {
		return (this.reasons & NOT_TO_HANDLE) == 0;
	}

	/**
	 * Whether there is no reason not to read.
	 */
	boolean isReading() {
		return this.reasons == 0;
	}

	/**
	 * Whether what comes is to be handled: there is no reason not to, nor to discard.
	 */
	boolean passes() {
		return isOpen() && !this.discarding;
	}

	/**
	 * Whether something may wait, unread or kept, to be handled; from any thread.
	 */
	boolean isBehind() {
		return this.behind;
	}

	/**
	 * All that was kept is handled.
	 */
	void caughtUp() {
		this.behind = this.reasons != 0;
		adjust();
	}

	/**
	 * Whether there is no other reason not to handle what was read.
	 */
	boolean hasOnly(Reason reason) {
		return (this.reasons & NOT_TO_HANDLE) == reason.bit;
	}

	boolean has(Reason reason) {
		return (this.reasons & reason.bit) != 0;
	}

	/**
	 * Adds or removes a reason. For who is sent no more it is none to be slow.
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate") // written on the event loop alone
	void set(Reason reason, boolean present) {
		boolean counts = present && !(reason == Reason.PEER_SLOW && this.outputEnded);
		int before = this.reasons;
		int after = counts ? before | reason.bit : before & ~reason.bit;
		if (after != before) {
			this.behind = true;
			this.reasons = after;
			adjust();
			if (after < before && isOpen()) {
				this.listener.opened();
			}
		}
	}

	/**
	 * Has all be read that comes, and nothing of it be handled.
	 */
	void discard() {
		this.discarding = true;
		this.listener.discarding();
		adjust();
	}

	/**
	 * Bytes that were read and not handled; from any thread.
	 */
	long keptBytes() {
		return this.listener.keptBytes();
	}

	/**
	 * All was read: nothing can be asked of the socket any more.
	 */
	void inputEnded() {
		this.inputEnded = true;
	}

	/**
	 * All was sent, or nothing more can be.
	 */
	void outputEnded() {
		this.outputEnded = true;
		set(Reason.PEER_SLOW, false);
	}

	/**
	 * Reads no more before what is kept is handled: where reasons come and go, it would
	 * grow with each that goes.
	 */
	private void adjust() {
		if (!this.inputEnded) {
			boolean wanted = this.reasons == 0 && (!this.behind || this.listener.keptBytes() == 0);
			this.config.setAutoRead(wanted || this.discarding);
		}
	}

	/**
	 * Handles what was read, and is told when it may, or more may be read.
	 */
	interface Listener {

		void opened();

		/**
		 * Nothing that was read is to be handled any more.
		 */
		void discarding();

		/**
		 * Bytes that were read and not handled; from any thread.
		 */
		long keptBytes();

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
		HELD(4),

		/**
		 * Other connections of its event loop have their turn.
		 */
		TURN_OVER(8),

		/**
		 * Buffers take much of the memory, and this connection has more than a little of
		 * it. What was read is handled all the same, which frees it.
		 */
		MEMORY_SHORT(16),

		/**
		 * It is ahead of its byte rates.
		 */
		AHEAD(32);

		private final int bit;

		Reason(int bit) {
			this.bit = bit;
		}

	}

}
