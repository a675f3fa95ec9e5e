package dev.echod.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all connections together keep of bytes that came while they were not to be read
 * from. After a peer's FIN Netty reads on, whatever it is told, as much as the system
 * holds for the connection: megabytes, which are bounded here in sum. Any thread may
 * call.
 */
final class HeldBytes {

	private final AtomicLong held = new AtomicLong();

	private final long most = Runtime.getRuntime().maxMemory() / 4;

	/**
	 * Keeps more.
	 * @return whether that is within the bound
	 */
	boolean add(long bytes) {
		return this.held.addAndGet(bytes) <= this.most;
	}

	void remove(long bytes) {
		this.held.addAndGet(-bytes);
	}

}
