package dev.echod.connection;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.jspecify.annotations.Nullable;

/**
 * How a connection ends, whichever way it is served: what is owed to the peer is sent,
 * then our FIN, then the peer's is awaited, and only then is it closed. Closing at once,
 * with bytes unread, would answer them with a reset that can overtake replies on their
 * way (RFC 1122, section 4.2.2.13).
 * <p>
 * Who closes, the peer or we, makes no difference to what is owed. How long is waited
 * does: for our own close {@value #FLUSH_SECONDS} s for what is owed and then
 * {@value #FIN_SECONDS} s for the peer's FIN; for a drain's, as long as it takes.
 * <p>
 * Its methods are called in the order of its wire, but where they say otherwise.
 */
public final class ConnectionLife {

	static final int FLUSH_SECONDS = 10;

	static final int FIN_SECONDS = 1;

	private static final AtomicIntegerFieldUpdater<ConnectionLife> CLOSE_REQUESTED = AtomicIntegerFieldUpdater
		.newUpdater(ConnectionLife.class, "closeRequested");

	private final Wire wire;

	private volatile int closeRequested; // 0 or 1

	private volatile boolean abandoned;

	/**
	 * What was received and is not answered yet.
	 */
	private volatile int owed;

	private boolean inputEnded;

	/**
	 * Whether we close: what comes in is discarded.
	 */
	private volatile boolean closing;

	/**
	 * Whether the peer's FIN is awaited for as long as it takes.
	 */
	private boolean patient;

	private boolean outputEnded;

	private boolean finSent;

	private boolean failed;

	private boolean ended;

	private final Ending ending = new Ending();

	ConnectionLife(Wire wire) {
		this.wire = wire;
	}

	/**
	 * Notes that the connection is to be closed, from any thread.
	 * @return whether it was not yet
	 */
	boolean requestClose() {
		return CLOSE_REQUESTED.compareAndSet(this, 0, 1);
	}

	/**
	 * Whether we close it or are about to; from any thread.
	 */
	public boolean isCloseRequested() {
		return this.closeRequested != 0;
	}

	/**
	 * Whether a reply is missing, so that none may follow; from any thread.
	 */
	public boolean isAbandoned() {
		return this.abandoned;
	}

	/**
	 * Has no reply follow one that is missing; from any thread, before the close.
	 */
	public void abandon() {
		this.abandoned = true;
	}

	/**
	 * Whether something was received that is not answered yet; from any thread.
	 */
	public boolean owes() {
		return this.owed > 0;
	}

	/**
	 * Whether what comes in is discarded; from any thread.
	 */
	public boolean isClosing() {
		return this.closing;
	}

	/**
	 * Whether nothing more can be sent.
	 */
	boolean isOutputEnded() {
		return this.outputEnded;
	}

	public boolean isInputEnded() {
		return this.inputEnded;
	}

	/**
	 * Something was received that is answered later.
	 * @return whether it is to be answered; not when we close
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate") // written in order
	public boolean owe() {
		if (this.closing) {
			return false;
		}
		this.owed++;
		return true;
	}

	/**
	 * Something that was owed is answered, or needs no answer.
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate") // written in order
	public void settle() {
		this.owed--;
		endIfNothingIsOwed();
	}

	/**
	 * The peer's FIN was received, and all before it was handled or is owed.
	 */
	public void peerEnded() {
		this.inputEnded = true;
		this.ending.signalled(EndSignal.PEER_FIN);
		endIfNothingIsOwed();
	}

	/**
	 * Closes in order, with a bound to each wait.
	 */
	void close(CloseReason because) {
		if (this.closing || this.ended) {
			return;
		}
		because(because);
		this.closing = true;
		this.wire.discardInput();
		if (!this.patient) {
			hurry();
		}
		endIfNothingIsOwed();
	}

	/**
	 * Closes in order, and waits for the peer as long as it takes.
	 */
	void closePatiently(CloseReason because) {
		this.patient = true;
		close(because);
	}

	/**
	 * Who was given all the time to send its FIN is given no more of it.
	 */
	void endPatience() {
		if (this.patient && !this.ended) {
			this.patient = false;
			hurry();
		}
	}

	private void hurry() {
		this.wire.schedule(() -> {
			if (!this.ended) {
				this.ending.signalled(EndSignal.OUR_FIN);
				this.wire.close();
			}
		}, TimeUnit.SECONDS.toNanos(this.finSent ? FIN_SECONDS : FLUSH_SECONDS));
	}

	/**
	 * Sends a FIN after all that was sent; what the peer sends is still handled.
	 */
	public void shutdownOutput() {
		if (!this.outputEnded) {
			endOutput();
		}
	}

	/**
	 * Nothing can be sent any more; what has come is still handled.
	 */
	public void outputLost() {
		this.outputEnded = true;
		this.finSent = true;
		endIfNothingIsOwed();
	}

	private void endIfNothingIsOwed() {
		if (this.ended || this.owed > 0 || (!this.inputEnded && !this.closing)) {
			return;
		}
		if (!this.outputEnded) {
			endOutput();
		}
		else if (this.inputEnded && this.finSent) {
			this.wire.close();
		}
	}

	private void endOutput() {
		this.outputEnded = true;
		this.wire.finish(this::finished);
	}

	private void finished(boolean taken) {
		if (this.ended) {
			return;
		}
		if (!taken || (this.inputEnded && this.owed <= 0)) {
			this.wire.close();
			return;
		}
		this.finSent = true;
		this.ending.signalled(EndSignal.OUR_FIN);
		this.wire.sendFin();
		if (this.closing && !this.patient) {
			hurry();
		}
	}

	/**
	 * Reading or writing has failed: closes at once. Who is cut off gets no FIN: it says
	 * that all has come.
	 */
	public void fail(CloseReason because) {
		because(because);
		requestClose();
		if (!this.ended && !this.failed) {
			this.failed = true;
			this.ending.signalled(EndSignal.of(because));
			Runnable end = because.isCut() ? this.wire::reset : this.wire::close;
			end.run();
		}
	}

	/**
	 * Closes with a reset, also what is closing in order.
	 */
	void reset(CloseReason because) {
		if (!this.ended) {
			this.ending.nowBecause(because);
			this.ending.signalled(EndSignal.OUR_RST);
			this.wire.reset();
		}
	}

	/**
	 * Keeps the first reason that is told.
	 */
	public void because(CloseReason because) {
		this.ending.because(because);
	}

	/**
	 * What began its end.
	 */
	EndSignal firstSignal() {
		return this.ending.signal();
	}

	/**
	 * The connection is gone. May be told more than once.
	 * @return why; null when it was told before
	 */
	@Nullable CloseReason ended() {
		if (this.ended) {
			return null;
		}
		this.ended = true;
		this.outputEnded = true;
		requestClose();
		because(this.inputEnded ? CloseReason.PEER_CLOSED : CloseReason.CLOSED);
		return this.ending.reason();
	}

}
