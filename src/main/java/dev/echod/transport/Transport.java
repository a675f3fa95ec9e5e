package dev.echod.transport;

import java.util.List;
import java.util.Locale;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.uring.IoUring;
import org.jspecify.annotations.Nullable;

/**
 * The event loops' interface to the operating system.
 */
public enum Transport {

	/**
	 * The first of the others, in their order, that works on this machine.
	 */
	AUTO,

	/**
	 * Linux io_uring. The default seccomp profiles of container runtimes forbid it.
	 */
	IO_URING,

	/**
	 * Linux epoll.
	 */
	EPOLL,

	/**
	 * The kqueue of macOS and the BSDs.
	 */
	KQUEUE,

	/**
	 * The JDK's selector; works everywhere.
	 */
	NIO;

	/**
	 * What {@link #AUTO} tries, in this order.
	 */
	static final List<Transport> BEST_FIRST = List.of(IO_URING, EPOLL, KQUEUE, NIO);

	static {
		// Otherwise io_uring accepts all at once that wait in the backlog, and nobody
		// could be left waiting there. Netty looks at it once, when it is first asked.
		System.setProperty("io.netty.iouring.acceptMultiShotEnabled", "false");
	}

	/**
	 * The transports, without {@link #AUTO}, that work on this machine, best first.
	 */
	public static List<Transport> available() {
		return BEST_FIRST.stream().filter((transport) -> transport.unavailability() == null).toList();
	}

	/**
	 * Why this transport does not work on this machine; null when it does.
	 */
	public @Nullable String unavailability() {
		Throwable cause = switch (this) {
			case AUTO, NIO -> null;
			case IO_URING -> IoUring.unavailabilityCause();
			case EPOLL -> Epoll.unavailabilityCause();
			case KQUEUE -> KQueue.unavailabilityCause();
		};
		if (cause == null) {
			return null;
		}
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		return (cause.getMessage() != null) ? cause.getMessage() : cause.toString();
	}

	/**
	 * The name as in the {@code echod.transport} property: {@code io-uring}.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
