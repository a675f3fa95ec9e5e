package dev.echod.transport;

import java.util.concurrent.TimeUnit;

/**
 * Whether a connection of a group that is far behind comes nearer. Used on its event
 * loop.
 */
final class Backlog {

	/**
	 * How many high water marks are far behind.
	 */
	private static final long FAR = 8;

	private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(1);

	private boolean far;

	private boolean stalled;

	private long least;

	private long leastSince;

	/**
	 * Whether it takes nothing, and is too far behind.
	 */
	boolean isHopeless(NettyTcpConnection connection) {
		return this.stalled && highWaterMarksBehind(connection) > 2 * FAR;
	}

	/**
	 * Whether the others are to wait for it.
	 */
	boolean isWorthWaiting(NettyTcpConnection connection, long now) {
		long pending = connection.wire().pendingBytes();
		if (highWaterMarksBehind(connection) <= FAR) {
			this.far = false;
			this.stalled = false;
			return false;
		}
		if (!this.far || pending < this.least - connection.channel().config().getWriteBufferLowWaterMark()) {
			this.far = true;
			this.stalled = false;
			this.least = pending;
			this.leastSince = now;
		}
		else if (now - this.leastSince > STALL_NANOS) {
			this.stalled = true;
		}
		return !this.stalled;
	}

	private static long highWaterMarksBehind(NettyTcpConnection connection) {
		return connection.wire().pendingBytes() / connection.channel().config().getWriteBufferHighWaterMark();
	}

}
