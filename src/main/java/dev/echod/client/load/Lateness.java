package dev.echod.client.load;

/**
 * How late this client is with the messages of a connection. A reply that waited to be
 * looked at is late by that, and by what its message was sent too late. So is all that
 * had to wait for the reply, as long as a connection has not caught up: what piles up
 * behind a late client is not what the target took. Used on one event loop.
 */
final class Lateness {

	private final Pulse pulse;

	/**
	 * Since when the next message could be sent, had this client not been late.
	 */
	private long readySince;

	/**
	 * Create the lateness of a connection.
	 * @param pulse of its event loop
	 * @param now since when it is open
	 */
	Lateness(Pulse pulse, long now) {
		this.pulse = pulse;
		this.readySince = now;
	}

	/**
	 * The next message can be sent now, by what the system says.
	 */
	void ready(long now) {
		this.readySince = now - this.pulse.overdue(now);
	}

	/**
	 * The next message can be sent now, as a reply came.
	 * @param lag how late this client was with that
	 */
	void ready(long now, long lag) {
		this.readySince = now - lag;
	}

	/**
	 * How late a message is that is sent now.
	 */
	long ofMessage(long due, long now) {
		return Math.max(0, now - Math.max(due, this.readySince));
	}

	/**
	 * How late a reply is that is looked at now.
	 * @param lag of its message
	 * @param written when that was sent
	 */
	long ofReply(long lag, long written, long now) {
		return lag + Math.min(this.pulse.overdue(now), now - written);
	}

}
