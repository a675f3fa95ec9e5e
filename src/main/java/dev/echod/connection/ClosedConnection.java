package dev.echod.connection;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is kept of a connection that has ended.
 *
 * @param duration how long it was open
 * @param note what the operator who closed it said of it; null when nobody did
 * @param firstSignal what began its end
 * @param tcp what the system told of it at its end; null where it is not asked or tells
 * nothing
 */
public record ClosedConnection(String id, String listener, Endpoints endpoints, Instant openedAt, Duration duration,
		CloseReason reason, @Nullable String note, EndSignal firstSignal, @Nullable TcpFigures tcp, long bytesReceived,
		long bytesSent, long messages) {

	/**
	 * One that was accepted and never ready.
	 * @param acceptedNanos when it was accepted, in the manner of
	 * {@link System#nanoTime()}
	 */
	public static ClosedConnection neverReady(String id, String listener, Endpoints endpoints, long acceptedNanos,
			CloseReason reason) {
		Duration duration = Duration.ofNanos(System.nanoTime() - acceptedNanos);
		return new ClosedConnection(id, listener, endpoints, Instant.now().minus(duration), duration, reason, null,
				EndSignal.of(reason), null, 0, 0, 0);
	}

	/**
	 * When it ended, as far as the wall clock went evenly: to be shown, not to be
	 * reckoned with.
	 */
	public Instant closedAt() {
		return this.openedAt.plus(this.duration);
	}

	/**
	 * Whether the peer ended it and neither end had sent a byte, as balancers' checks do,
	 * which leave a handshake of TLS without a close_notify.
	 */
	public boolean isSilent() {
		return this.bytesReceived == 0 && this.bytesSent == 0 && switch (this.reason) {
			case PEER_CLOSED, PEER_RESET, TLS_TRUNCATED -> true;
			default -> false;
		};
	}

}
