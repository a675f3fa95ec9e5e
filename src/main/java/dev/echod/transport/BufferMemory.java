package dev.echod.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.util.internal.PlatformDependent;

/**
 * The memory that all connections' buffers together take. Any thread may call.
 */
final class BufferMemory {

	/**
	 * How often who waits for memory looks again.
	 */
	static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	/**
	 * So much a connection may have while memory is short.
	 */
	private static final int LITTLE_BYTES = 16 * 1024;

	/**
	 * So much when thousands that have little have nearly all.
	 */
	private static final int LEAST_BYTES = 1024;

	private final AtomicLong held = new AtomicLong();

	private final long mostHeld = Runtime.getRuntime().maxMemory() / 4;

	private final long muchUsed = PlatformDependent.maxDirectMemory() / 4 * 3;

	private final long nearlyAllUsed = PlatformDependent.maxDirectMemory() / 8 * 7;

	/**
	 * Holds more bytes that came while they were not to be read. After a peer's FIN Netty
	 * reads on, whatever it is told, as much as the system holds for the connection:
	 * megabytes, which are bounded here in sum.
	 * @return whether that is within the bound
	 */
	boolean hold(long bytes) {
		return this.held.addAndGet(bytes) <= this.mostHeld;
	}

	void letGo(long bytes) {
		this.held.addAndGet(-bytes);
	}

	/**
	 * Whether a connection has to wait for memory.
	 * @param bytes how much it has
	 */
	boolean isShortFor(long bytes) {
		return bytes > mostForEach();
	}

	/**
	 * How much each connection may have now, in bytes.
	 */
	long mostForEach() {
		if (!isShort()) {
			return Long.MAX_VALUE;
		}
		return (used() > this.nearlyAllUsed) ? LEAST_BYTES : LITTLE_BYTES;
	}

	/**
	 * How much is taken, in bytes, be it in use or kept for what comes next.
	 */
	long used() {
		return PlatformDependent.usedDirectMemory();
	}

	/**
	 * Whether three quarters of the memory that there is for buffers are taken, be they
	 * in use or kept for what comes next: what is left is for connections that need
	 * little.
	 */
	boolean isShort() {
		return used() > this.muchUsed;
	}

}
