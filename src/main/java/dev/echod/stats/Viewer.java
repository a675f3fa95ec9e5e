package dev.echod.stats;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * One that looks at the stream. It takes from the history as fast as it reads, and
 * nothing is kept for it. Any thread may call.
 */
final class Viewer {

	/**
	 * How long one is waited for that does not read.
	 */
	static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final History history;

	private final BooleanSupplier loggedOut;

	private @Nullable FluxSink<byte[]> sink;

	private Runnable hangUp = () -> {
	};

	private long next;

	/**
	 * Whether it took something since it was last told of what is new.
	 */
	private boolean moved;

	/**
	 * When it had taken something, or there was nothing to take.
	 */
	private long movedNanos;

	private byte @Nullable [] end;

	private boolean sending;

	/**
	 * Create a viewer.
	 * @param next the number of the first sample that it has not seen
	 * @param loggedOut tells whether it may not look any more
	 */
	Viewer(History history, long next, BooleanSupplier loggedOut, long now) {
		this.history = history;
		this.next = next;
		this.loggedOut = loggedOut;
		this.movedNanos = now;
	}

	/**
	 * What it is sent. Subscribed to once.
	 * @param hangUp ends its connection, whatever was not sent yet
	 */
	Flux<byte[]> events(Runnable hangUp) {
		return Flux.create((created) -> begin(created, hangUp), FluxSink.OverflowStrategy.ERROR);
	}

	private void begin(FluxSink<byte[]> created, Runnable hangUpNow) {
		synchronized (this) {
			this.sink = created;
			this.hangUp = hangUpNow;
		}
		created.onRequest((more) -> send());
	}

	/**
	 * Sends what there is and it can take. What is sent may have it ask for more at once:
	 * who is sending already goes on with that.
	 */
	private synchronized void send() {
		FluxSink<byte[]> open = this.sink;
		if (open == null || this.sending) {
			return;
		}
		this.sending = true;
		while (this.end == null && this.next <= this.history.last() && open.requestedFromDownstream() > 0) {
			byte[] event = this.history.get(this.next);
			if (event != null) {
				open.next(event);
				this.next++;
				this.moved = true;
			}
			else {
				// It was too slow, be it by what was added just now.
				this.next = this.history.first();
			}
		}
		if (this.end != null && open.requestedFromDownstream() > 0) {
			this.sink = null;
			open.next(this.end);
			open.complete();
		}
		this.sending = false;
	}

	/**
	 * Has it see what is new. One that may not look any more, or did not read for long,
	 * is sent away.
	 * @return whether it stays
	 */
	synchronized boolean tell(long now) {
		if (this.loggedOut.getAsBoolean()) {
			leave();
			return false;
		}
		send();
		if (this.moved || this.next > this.history.last()) {
			this.moved = false;
			this.movedNanos = now;
		}
		if (now - this.movedNanos > PATIENCE_NANOS) {
			cutOff();
			return false;
		}
		return true;
	}

	private void leave() {
		FluxSink<byte[]> open = this.sink;
		this.sink = null;
		if (open != null) {
			open.complete();
		}
	}

	/**
	 * Shows it that there is somebody, when there is nothing to see.
	 */
	synchronized void beat(byte[] comment) {
		FluxSink<byte[]> open = this.sink;
		if (open != null && open.requestedFromDownstream() > 0) {
			open.next(comment);
		}
	}

	/**
	 * Has it see this next, and nothing after it.
	 */
	synchronized void end(byte[] last) {
		this.end = last;
		send();
	}

	/**
	 * Ends its connection.
	 */
	synchronized void cutOff() {
		this.hangUp.run();
		leave();
	}

}
