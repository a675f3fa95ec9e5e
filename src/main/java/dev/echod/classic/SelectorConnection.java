package dev.echod.classic;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import dev.echod.admission.Place;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionActivity;
import dev.echod.connection.ServedConnection;
import dev.echod.gateway.CloseReasons;
import dev.echod.gateway.ConnectionMessageMapper;
import dev.echod.gateway.MessageConnection;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.TcpNioConnection;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * Spring's non-blocking connection, read, listed, counted and closed as any other.
 */
final class SelectorConnection extends TcpNioConnection implements MessageConnection {

	private static final int READ_BYTES = 4096;

	private static final long MOST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

	private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

	private final SelectorWire wire;

	private final SocketMessages messages;

	private final Runnable closed;

	/**
	 * Since when there was no memory for the message that is being read; 0 when there is.
	 */
	private long waitingSinceNanos;

	SelectorConnection(SocketChannel channel, Place place, String id, ClassicSettings settings,
			ApplicationEventPublisher publisher, Runnable closed) {
		super(channel, true, false, publisher, settings.name());
		this.closed = closed;
		this.wire = new SelectorWire(channel, place, settings);
		this.messages = new SocketMessages(id, settings, Arrived.of(channel.socket(), place).endpoints(), this.wire,
				false);
	}

	ServedConnection served() {
		return this.messages.served();
	}

	/**
	 * Tells those who listen for events that it is open.
	 */
	void tellOpened() {
		publishConnectionOpenEvent();
	}

	/**
	 * What a connection reads into, and keeps: Spring's is of 60 KB, which thousands that
	 * come at once cannot be given.
	 */
	@Override
	protected ByteBuffer allocate(int length) {
		return super.allocate(Math.min(length, READ_BYTES));
	}

	/**
	 * Asked for by the constructor of Spring's, when that logs.
	 */
	@Override
	public String getConnectionId() {
		return (this.messages != null) ? served().id() : super.getConnectionId();
	}

	/**
	 * The message that is being delivered. When there is none, which is when Spring's
	 * thread asks for a message, all are delivered that are complete; it does not wait
	 * for the rest of one, as it serves all connections.
	 */
	@Override
	@SuppressWarnings("NullAway") // null is no message, for our mapper
	public Object getPayload() {
		return takePayload();
	}

	@Override
	public byte @Nullable [] takePayload() {
		byte[] delivered = this.messages.takePayload();
		if (delivered != null) {
			return delivered;
		}
		try {
			// Once only: who sends without end has its turn again after the others.
			if (inputStream().available() > 0 && this.messages.read(inputStream()) == 0) {
				waitForMemory();
			}
			else {
				this.messages.answerAll(this);
				if (this.wire.memoryBytes() == 0) {
					this.waitingSinceNanos = 0;
				}
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			this.messages.socketFailed(ex);
		}
		return null;
	}

	/**
	 * A message that takes longer than five seconds, since there first was no memory for
	 * more of it, is not waited for. Spring's thread comes back at once to who has left
	 * something unread.
	 */
	private void waitForMemory() {
		long now = System.nanoTime();
		if (this.waitingSinceNanos == 0) {
			this.waitingSinceNanos = now;
		}
		else if (now - this.waitingSinceNanos > MOST_WAIT_NANOS) {
			served().reset(CloseReason.MEMORY_SHORT);
		}
		LockSupport.parkNanos(this, LOOK_NANOS);
	}

	@Override
	public MessageHeaders messageHeaders(ConnectionMessageMapper mapper) {
		return this.messages.headers(this, mapper);
	}

	@Override
	public void reply(Message<?> reply) {
		this.messages.reply(this, reply);
	}

	@Override
	public void failed(Message<?> message, Throwable cause) {
		served().abandon(CloseReasons.ofService(cause));
	}

	@Override
	public void send(Message<?> message) {
		reply(message);
	}

	/**
	 * Reading has failed.
	 */
	@Override
	protected void publishConnectionExceptionEvent(Throwable failure) {
		this.wire.execute(() -> served().life().because(CloseReasons.ofSocket(failure)));
		super.publishConnectionExceptionEvent(failure);
	}

	/**
	 * Closes at once, as Spring does at the peer's FIN.
	 */
	@Override
	public void close() {
		this.wire.execute(() -> served().life().because(CloseReason.PEER_CLOSED));
		this.messages.ended();
		try {
			super.close();
		}
		finally {
			this.wire.givePlaceBack();
			this.closed.run();
		}
	}

	/**
	 * A channel that one thread writes for all: it waits a little for a peer that does
	 * not read, and no longer.
	 */
	private final class SelectorWire extends SocketWire {

		private static final long MOST_STALL_NANOS = TimeUnit.SECONDS.toNanos(2);

		private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

		private final SocketChannel channel;

		private final Supplier<Duration> writeStall;

		/**
		 * When the reply that is being written must have been taken.
		 */
		private long deadline;

		SelectorWire(SocketChannel channel, Place place, ClassicSettings settings) {
			super(channel.socket(), place,
					new ConnectionActivity(settings.registry().trafficOfThreads(settings.name()), System.nanoTime()));
			this.channel = channel;
			this.writeStall = settings.writeStall();
		}

		@Override
		void write(byte[] bytes, int offset, int length) throws IOException {
			long limit = this.writeStall.get().toNanos();
			this.deadline = System.nanoTime() + ((limit > 0) ? Math.min(limit, MOST_STALL_NANOS) : MOST_STALL_NANOS);
			super.write(bytes, offset, length);
		}

		@Override
		void writePiece(byte[] bytes, int offset, int length) throws IOException {
			ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
			while (buffer.hasRemaining()) {
				if (this.channel.write(buffer) > 0) {
					continue;
				}
				if (this.deadline - System.nanoTime() < 0) {
					served().reset(CloseReason.SLOW_READER);
					throw new SocketTimeoutException("The peer does not read");
				}
				LockSupport.parkNanos(this, TICK_NANOS);
			}
		}

		/**
		 * Spring's own close may wait for the thread that assembles to take what was
		 * read, so that nobody else may wait for it.
		 */
		@Override
		public void close() {
			try {
				this.channel.close();
			}
			catch (IOException ex) {
				logger.debug("%s failed to close".formatted(getConnectionId()), ex);
			}
			THREADS.execute(SelectorConnection.this::close);
		}

	}

}
