package dev.echod.transport;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Notices a peer that does not read what is sent to it. Its methods are called on the
 * event loop.
 */
final class WriteStall {

	private final SocketChannel channel;

	private final ConnectionActivity activity;

	private final Runnable stalled;

	private long limitMillis;

	private @Nullable Future<?> timer;

	/**
	 * Create one that waits forever.
	 * @param stalled called when the peer has taken nothing for the limit
	 */
	WriteStall(SocketChannel channel, ConnectionActivity activity, Runnable stalled) {
		this.channel = channel;
		this.activity = activity;
		this.stalled = stalled;
	}

	/**
	 * How long the peer may not read, in milliseconds; 0 is forever.
	 */
	void limit(long millis) {
		this.limitMillis = millis;
	}

	void writabilityChanged() {
		cancel();
		if (this.limitMillis > 0 && !this.channel.isWritable()) {
			awaitProgress(taken());
		}
	}

	private void awaitProgress(long before) {
		this.timer = this.channel.eventLoop().schedule(() -> {
			long now = taken();
			if (now > before) {
				awaitProgress(now);
			}
			else {
				this.stalled.run();
			}
		}, this.limitMillis, TimeUnit.MILLISECONDS);
	}

	/**
	 * How much the peer has taken, as something that grows when it takes more.
	 */
	private long taken() {
		var outbound = this.channel.unsafe().outboundBuffer();
		long waiting = (outbound != null) ? outbound.totalPendingWriteBytes() - outbound.currentProgress() : 0;
		return this.activity.bytesSent() - waiting;
	}

	void cancel() {
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

}
