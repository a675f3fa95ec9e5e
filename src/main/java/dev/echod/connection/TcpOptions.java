package dev.echod.connection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What the system's TCP is told of a listener's sockets: tcp(7), socket(7). What is 0 is
 * left to the system.
 *
 * @param keepAlive when a peer that is silent is asked whether it is there; null is never
 * @param userTimeout how long what was sent may be without an answer, or untaken (RFC
 * 5482)
 * @param sendBuffer in bytes
 * @param receiveBuffer in bytes
 * @param trafficClass of the packets that are sent (RFC 2474)
 * @param fastOpen how many clients may send data before their handshake is complete (RFC
 * 7413)
 * @param deferAccept how long a client is not accepted that sends nothing
 * @param maxSegment the longest segment, in bytes (RFC 9293)
 * @param reusePort whether others may listen on the same port, and the system spreads the
 * clients over them
 */
public record TcpOptions(@Nullable KeepAlive keepAlive, Duration userTimeout, int sendBuffer, int receiveBuffer,
		int trafficClass, int fastOpen, Duration deferAccept, int maxSegment, boolean reusePort) {

	/**
	 * All is left to the system.
	 */
	public static final TcpOptions NONE = new TcpOptions(null, Duration.ZERO, 0, 0, 0, 0, Duration.ZERO, 0, false);

	/**
	 * When a peer that is silent is asked whether it is there (RFC 9293, section 3.8.4).
	 *
	 * @param idle how long it is silent then; in seconds, as is the interval
	 * @param interval between one question and the next
	 * @param count of questions without an answer, after which it is gone
	 */
	public record KeepAlive(Duration idle, Duration interval, int count) {

		/**
		 * How long a peer that has vanished goes unnoticed.
		 */
		public Duration total() {
			return this.idle.plus(this.interval.multipliedBy(this.count));
		}

	}

}
