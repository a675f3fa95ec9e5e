package dev.echod.client.load;

import dev.echod.transport.NettyTcpConnection;

import org.springframework.messaging.MessagingException;

/**
 * What is sent on one connection: the script from a message on, in pieces. Used on the
 * connection's event loop.
 */
final class Requests {

	/**
	 * The most that is written at once.
	 */
	private static final int PIECE = 64 * 1024;

	/**
	 * The most that is left to the engine without having come back or been taken by the
	 * system: less than what it would stop to read for.
	 */
	private static final int WINDOW = 128 * 1024;

	private final NettyTcpConnection connection;

	private final Script script;

	private final CarriedMessage carried;

	/**
	 * Where in the script the stream begins.
	 */
	private final int base;

	/**
	 * The message in the script that is sent next.
	 */
	private int message;

	/**
	 * Bytes of the messages that are to be sent; they are sent at once unless too much is
	 * under way.
	 */
	private long released;

	private long sent;

	/**
	 * Bytes that the system has taken, as far as was asked.
	 */
	private long taken;

	private boolean waiting;

	/**
	 * Create the requests of a connection.
	 * @param first the message that it begins with
	 * @param carried what they are sent as
	 */
	Requests(NettyTcpConnection connection, Script script, int first, CarriedMessage carried) {
		this.connection = connection;
		this.carried = carried;
		this.script = script;
		this.base = script.begin(first);
		this.message = first;
	}

	/**
	 * The length of the message that is next, with its frame.
	 */
	int nextLength() {
		return this.script.length(this.message);
	}

	/**
	 * Has the next message be sent.
	 * @return whether there is a piece to be sent now
	 */
	boolean release() {
		this.released += nextLength();
		this.message = this.script.after(this.message);
		return this.released - this.sent >= PIECE;
	}

	/**
	 * Sends what was released, as far as it may be under way.
	 * @param received bytes that have come back
	 * @param whenTaken called when the system has taken what is too much
	 * @return whether all of it was sent
	 */
	boolean send(long received, Runnable whenTaken) {
		while (this.sent < this.released) {
			if (this.waiting || this.sent - Math.max(received, this.taken) >= WINDOW) {
				waitUntilTaken(whenTaken);
				return false;
			}
			if (!sendPiece()) {
				return false;
			}
		}
		return true;
	}

	private boolean sendPiece() {
		int position = (int) ((this.base + this.sent) % this.script.length());
		int length = (int) Math.min(this.released - this.sent, Math.min(PIECE, this.script.length() - position));
		try {
			this.connection.send(this.carried.with(this.script.slice(position, length)));
		}
		catch (MessagingException ex) {
			// It has ended, which is told of next.
			return false;
		}
		this.sent += length;
		return true;
	}

	private void waitUntilTaken(Runnable whenTaken) {
		if (!this.waiting) {
			this.waiting = true;
			long upTo = this.sent;
			this.connection.whenTaken(() -> {
				this.waiting = false;
				this.taken = upTo;
				whenTaken.run();
			});
		}
	}

	/**
	 * Whether the system does not take what is too much.
	 */
	boolean isWaiting() {
		return this.waiting;
	}

	/**
	 * Whether all that was to be sent is.
	 */
	boolean isAllSent() {
		return this.sent == this.released;
	}

	/**
	 * How many bytes were sent.
	 */
	long sent() {
		return this.sent;
	}

	/**
	 * How many bytes were to be sent.
	 */
	long released() {
		return this.released;
	}

}
