package dev.echod.client.load;

import java.io.EOFException;
import java.nio.channels.ClosedChannelException;

import javax.net.ssl.SSLException;

import dev.echod.client.FailureText;
import dev.echod.gateway.NonBlockingTcpListener;
import dev.echod.tls.TlsTruncatedException;
import dev.echod.transport.NettyTcpConnection;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;

import org.springframework.messaging.Message;

/**
 * What goes to and fro on one connection: the script from a message on, and the same
 * back. It is one stream of bytes, whatever pieces it is written and read in. Used on the
 * connection's event loop.
 */
final class Exchange implements NonBlockingTcpListener {

	private final NettyTcpConnection connection;

	private final Assignment assignment;

	private final Owner owner;

	private final int depth;

	private final InFlight inFlight = new InFlight();

	private final Requests requests;

	private final Replies replies;

	private final Lateness lateness;

	private final Runnable whenTaken = this::taken;

	private boolean open = true;

	/**
	 * Create the exchange of a connection.
	 * @param assignment what is sent
	 * @param depth how many messages may be in flight
	 * @param pulse tells whether this client is late
	 * @param owner is told how it goes
	 */
	Exchange(NettyTcpConnection connection, Assignment assignment, int depth, Requests requests, Replies replies,
			Pulse pulse, Owner owner) {
		this.connection = connection;
		this.assignment = assignment;
		this.depth = depth;
		this.requests = requests;
		this.replies = replies;
		this.lateness = new Lateness(pulse, System.nanoTime());
		this.owner = owner;
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
		String wrong = this.replies.take(bytes, this.requests.sent());
		if (wrong != null) {
			giveUp(ConnectionEnd.MISMATCH, wrong, now);
		}
		else if (this.replies.isNextComplete()) {
			answered(now);
		}
	}

	private void answered(long now) {
		boolean full = this.inFlight.count() >= this.depth;
		do {
			long written = this.inFlight.oldestWritten();
			long lag = this.lateness.ofReply(this.inFlight.oldestLag(), written, now);
			if (full) {
				this.lateness.ready(now, lag);
				full = false;
			}
			long due = this.inFlight.oldestDue();
			int together = this.inFlight.oldestCount();
			int count = 0;
			long length = 0;
			do {
				length += this.replies.next();
				count++;
			}
			while (count < together && this.replies.isNextComplete());
			this.inFlight.remove(count);
			this.assignment.answered(count, length, due, written, lag, now);
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
			more = this.requests.send(this.replies.received(), this.whenTaken) && release(now) && this.open;
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
		boolean more = true;
		boolean any = false;
		while (more && this.inFlight.count() < this.depth) {
			long due = this.assignment.take(this.requests.nextLength(), now);
			if (due == Assignment.NONE) {
				break;
			}
			this.inFlight.add(due, now, this.lateness.ofMessage(due, now));
			more = !this.requests.release();
			any = true;
		}
		return any;
	}

	private void taken() {
		long now = System.nanoTime();
		this.lateness.ready(now);
		pump(now);
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
			end(ConnectionEnd.RESET, FailureText.of(cause), now);
		}
		else if (owed() > 0) {
			end(ConnectionEnd.CUT_SHORT, "the peer's FIN came, and %d bytes did not".formatted(owed()), now);
		}
		else {
			end(ConnectionEnd.DRAINED, "the peer's FIN came", now);
		}
	}

	private long owed() {
		return this.requests.released() - this.replies.received();
	}

	private void end(ConnectionEnd end, String what, long now) {
		this.open = false;
		this.owner.ended(end, what, now);
	}

	/**
	 * Whether one more message may be in flight.
	 */
	boolean hasRoom() {
		return this.inFlight.count() < this.depth && !this.requests.isWaiting();
	}

	/**
	 * Whether all that was to be sent is.
	 */
	boolean isAllSent() {
		return this.requests.isAllSent();
	}

	/**
	 * Whether anything came back.
	 */
	boolean hasReplies() {
		return this.replies.received() > 0;
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
