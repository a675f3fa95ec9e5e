package dev.echod.client.load;

import java.io.EOFException;
import java.nio.channels.ClosedChannelException;

import javax.net.ssl.SSLException;

import dev.echod.gateway.NonBlockingTcpListener;
import dev.echod.tls.TlsTruncatedException;
import dev.echod.transport.NettyTcpConnection;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;

/**
 * What goes to and fro on one connection: the script from a message on, and the same
 * back. It is one stream of bytes, whatever pieces it is written and read in. Used on the
 * connection's event loop.
 */
final class Exchange implements NonBlockingTcpListener {

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

	private final Assignment assignment;

	private final Owner owner;

	private final Script script;

	private final int depth;

	private final InFlight inFlight;

	private final Replies replies;

	private final CarriedMessage outgoing = new CarriedMessage();

	/**
	 * Where in the script the stream begins.
	 */
	private final int base;

	/**
	 * The message in the script that is sent next.
	 */
	private int sending;

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

	/**
	 * Since when the next message could be sent.
	 */
	private long readySince;

	private boolean waiting;

	private boolean open = true;

	/**
	 * Create the exchange of a connection.
	 * @param assignment what is sent
	 * @param depth how many messages may be in flight
	 * @param first the message of the script that it begins with
	 * @param owner is told how it goes
	 */
	Exchange(NettyTcpConnection connection, Assignment assignment, Script script, int depth, int first, Replies replies,
			Owner owner) {
		this.connection = connection;
		this.assignment = assignment;
		this.script = script;
		this.depth = depth;
		this.inFlight = new InFlight(depth);
		this.replies = replies;
		this.owner = owner;
		this.base = script.begin(first);
		this.sending = first;
		this.readySince = System.nanoTime();
	}

	@Override
	public void onMessage(Message<?> message) {
		long now = System.nanoTime();
		if (message.getPayload() instanceof ByteBuf bytes) {
			if (this.open) {
				received(bytes, now);
			}
			bytes.release();
		}
		else if (this.open) {
			ended((Throwable) message.getPayload(), now);
		}
	}

	private void received(ByteBuf bytes, long now) {
		String wrong = this.replies.take(bytes, this.sent);
		if (wrong != null) {
			giveUp(ConnectionEnd.MISMATCH, wrong, now);
		}
		else if (this.replies.isNextComplete()) {
			answered(now);
		}
	}

	private void answered(long now) {
		if (this.inFlight.count() >= this.depth) {
			this.readySince = now;
		}
		do {
			this.assignment.answered(this.replies.next(), this.inFlight.oldestDue(), this.inFlight.oldestWritten(),
					now);
			this.inFlight.remove();
		}
		while (this.replies.isNextComplete());
		pump(now);
	}

	/**
	 * Sends what may be sent now.
	 */
	void pump(long now) {
		boolean more = this.open;
		while (more) {
			more = (this.sent < this.released) ? sendPiece() : release(now);
		}
		if (this.open) {
			this.owner.pumped(now);
		}
	}

	/**
	 * Takes the messages that are to be sent.
	 * @return whether there are any
	 */
	private boolean release(long now) {
		long before = this.released;
		while (this.inFlight.count() < this.depth && this.released - before < PIECE) {
			int length = this.script.length(this.sending);
			long due = this.assignment.take(length, this.readySince, now);
			if (due == Assignment.NONE) {
				break;
			}
			this.inFlight.add(due, now);
			this.released += length;
			this.sending = this.script.after(this.sending);
		}
		return this.released > before;
	}

	/**
	 * Sends a piece of what is to be sent.
	 * @return whether it was
	 */
	private boolean sendPiece() {
		if (this.waiting || this.sent - Math.max(this.replies.received(), this.taken) >= WINDOW) {
			waitUntilTaken();
			return false;
		}
		int position = (int) ((this.base + this.sent) % this.script.length());
		int length = (int) Math.min(this.released - this.sent, Math.min(PIECE, this.script.length() - position));
		try {
			this.connection.send(this.outgoing.with(this.script.slice(position, length)));
		}
		catch (MessagingException ex) {
			// It has ended, which is told of next.
			return false;
		}
		this.sent += length;
		return true;
	}

	private void waitUntilTaken() {
		if (!this.waiting) {
			this.waiting = true;
			long upTo = this.sent;
			this.connection.whenTaken(() -> {
				long now = System.nanoTime();
				this.waiting = false;
				this.taken = upTo;
				this.readySince = now;
				pump(now);
			});
		}
	}

	/**
	 * Sends a FIN, as there is nothing more to send; replies still come.
	 */
	void endOutput() {
		this.connection.shutdownOutput();
	}

	/**
	 * Closes it: all came back.
	 */
	void close() {
		this.open = false;
		this.connection.close();
	}

	/**
	 * Closes it: the peer does not do what it should.
	 */
	void giveUp(ConnectionEnd end, String what, long now) {
		end(end, what, now);
		this.connection.close();
	}

	private void ended(Throwable cause, long now) {
		Throwable unwrapped = (cause instanceof DecoderException && cause.getCause() != null) ? cause.getCause()
				: cause;
		if (unwrapped instanceof SSLException || unwrapped instanceof TlsTruncatedException) {
			end(ConnectionEnd.TLS_FAILED, String.valueOf(unwrapped.getMessage()), now);
		}
		else if (!(cause instanceof EOFException) && !(cause instanceof ClosedChannelException)) {
			end(ConnectionEnd.RESET, String.valueOf(cause.getMessage()), now);
		}
		else if (this.replies.received() < this.released) {
			end(ConnectionEnd.CUT_SHORT,
					"the peer's FIN came, and %d bytes did not".formatted(this.released - this.replies.received()),
					now);
		}
		else {
			end(ConnectionEnd.DRAINED, "the peer's FIN came", now);
		}
	}

	private void end(ConnectionEnd end, String what, long now) {
		this.open = false;
		this.owner.ended(end, what, now);
	}

	/**
	 * Whether one more message may be in flight.
	 */
	boolean hasRoom() {
		return this.inFlight.count() < this.depth && !this.waiting;
	}

	/**
	 * Whether all that was to be sent is.
	 */
	boolean isAllSent() {
		return this.sent == this.released;
	}

	/**
	 * The messages whose replies have not come.
	 */
	InFlight inFlight() {
		return this.inFlight;
	}

	/**
	 * Learns how an exchange goes.
	 */
	interface Owner {

		/**
		 * All is sent that could be.
		 */
		void pumped(long now);

		/**
		 * It has ended, and not by {@link Exchange#close()}.
		 * @param what is to be told of it
		 */
		void ended(ConnectionEnd end, String what, long now);

	}

}
