package dev.echod.client.load;

import java.time.Duration;

import dev.echod.transport.Transport;

/**
 * What a load is to be, whomever it loads.
 *
 * @param connections how many send
 * @param idle how many more only stay
 * @param messages what they send
 * @param depth how many messages may be in flight on a connection, from 1
 * @param rate messages a second of all connections, whatever comes back; 0 to send the
 * next when one came back
 * @param arrival how the rate is spread
 * @param amount how much is sent
 * @param warmUp how long is sent before anything counts
 * @param rampUp how long the connections take to be made, each sending at once; 0 to make
 * all first
 * @param connectRate connections that are made in a second; 0 is as many as there can be
 * @param lifetime how long a connection sends before another takes its place; 0 is as
 * long as the load
 * @param halfClose whether our FIN follows the last message, not the last reply
 * @param verify what is compared of what comes back
 * @param seed what is random comes from it
 * @param timeout how long to wait for a connection, a reply, and a FIN
 * @param reconnect whether a connection that failed is made again; one that was drained
 * is in any case
 * @param link how connections are made
 * @param eventLoops how many; 0 is one for each processor
 * @param transport of the event loops
 */
record LoadPlan(int connections, int idle, Messages messages, int depth, double rate, Arrival arrival, Amount amount,
		Duration warmUp, Duration rampUp, double connectRate, Duration lifetime, boolean halfClose, Verify verify,
		long seed, Duration timeout, boolean reconnect, Link link, int eventLoops, Transport transport) {

	/**
	 * Whether messages are due at their times, whatever comes back.
	 */
	boolean isOpenLoop() {
		return this.rate > 0;
	}

	/**
	 * How many connections there are, with those that only stay.
	 */
	int allConnections() {
		return this.connections + this.idle;
	}

	/**
	 * How many event loops that is.
	 */
	int loops() {
		int most = (this.eventLoops > 0) ? this.eventLoops : Runtime.getRuntime().availableProcessors();
		return Math.min(allConnections(), most);
	}

	/**
	 * How long all takes at most that follows the last message that is due: to send what
	 * could not be sent yet, to have it answered, and to see the peer's FIN.
	 */
	Duration longestEnd() {
		return this.timeout.multipliedBy(3);
	}

	/**
	 * How long between two connections that are made.
	 * @param idle whether they only stay
	 */
	long connectIntervalNanos(boolean idle) {
		if (this.connectRate > 0) {
			return (long) (1e9 / this.connectRate);
		}
		return idle ? 0 : this.rampUp.toNanos() / this.connections;
	}

	/**
	 * Of something that all connections share, the part of one; what is left over goes to
	 * the first.
	 */
	long partOf(long all, int number) {
		return all / this.connections + ((number < all % this.connections) ? 1 : 0);
	}

	/**
	 * How much is sent, each without limit when it is {@link #UNLIMITED}.
	 *
	 * @param nanos how long, after the warm-up
	 * @param messages of all connections
	 * @param bytes of all connections, with their frames; the message that passes it is
	 * the last
	 */
	record Amount(long nanos, long messages, long bytes) {

		static final long UNLIMITED = Long.MAX_VALUE;

		static Amount of(Duration duration) {
			return new Amount(duration.toNanos(), UNLIMITED, UNLIMITED);
		}

		static Amount ofMessages(long messages) {
			return new Amount(UNLIMITED, messages, UNLIMITED);
		}

		static Amount ofBytes(long bytes) {
			return new Amount(UNLIMITED, UNLIMITED, bytes);
		}

		boolean isTimed() {
			return this.nanos != UNLIMITED;
		}

	}

}
