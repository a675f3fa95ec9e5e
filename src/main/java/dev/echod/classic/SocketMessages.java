package dev.echod.classic;

import java.io.IOException;
import java.io.InputStream;

import dev.echod.connection.ConnectionLife;
import dev.echod.connection.Endpoints;
import dev.echod.connection.ServedConnection;
import dev.echod.framing.FrameReader;
import dev.echod.gateway.CloseReasons;
import dev.echod.gateway.ConnectionMessageMapper;
import dev.echod.gateway.MessageConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.connection.TcpListener;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * The messages of a connection that threads serve, and the connection as it is listed and
 * closed. A message is answered when its listener returns.
 */
final class SocketMessages {

	private static final Logger logger = LoggerFactory.getLogger(SocketMessages.class);

	private final ClassicSettings settings;

	private final SocketWire wire;

	private final ServedConnection served;

	private final FrameReader reader;

	/**
	 * The message that is being delivered.
	 */
	private byte @Nullable [] payload;

	private @Nullable MessageHeaders headers;

	/**
	 * Create the messages of a connection.
	 * @param mayWait whether its thread may wait for memory, or reads nothing meanwhile
	 */
	SocketMessages(String id, ClassicSettings settings, Endpoints endpoints, SocketWire wire, boolean mayWait) {
		this.settings = settings;
		this.wire = wire;
		this.served = new ServedConnection(id, settings.name(), endpoints, wire, wire.activity());
		this.reader = new FrameReader(settings.framing(), settings.maxFrame(), mayWait);
		wire.onClose(this::ended);
		wire.memory(this.reader::memoryBytes, this.reader::isWaiting);
		this.served.keepTo(settings.rates().get());
		settings.registry().opened(this.served);
	}

	ServedConnection served() {
		return this.served;
	}

	private ConnectionLife life() {
		return this.served.life();
	}

	/**
	 * Reads what is there, and waits until there is something and the connection is not
	 * ahead of its byte rates.
	 * @return how many bytes were read; -1 at the end; 0 when there is no memory for more
	 * now
	 */
	int read(InputStream input) throws IOException {
		this.reader.readAtMost(this.wire.awaitPace());
		int length = this.reader.read(input);
		if (length > 0) {
			this.wire.activity().received(length, this.wire.nanoTime());
		}
		return length;
	}

	/**
	 * Has the messages answered that are complete.
	 */
	<C extends TcpConnectionSupport & MessageConnection> void answerAll(C connection) {
		try {
			while (!life().isCloseRequested()) {
				byte[] message = this.reader.next();
				if (message == null) {
					return;
				}
				if (this.wire.ask(life()::owe)) {
					this.wire.activity().messageReceived();
					answer(connection, message);
				}
			}
		}
		catch (IOException ex) {
			this.served.close(CloseReasons.ofFrame(ex));
		}
		this.reader.release();
	}

	private <C extends TcpConnectionSupport & MessageConnection> void answer(C connection, byte[] message) {
		this.payload = message;
		try {
			Message<?> mapped = connection.getMapper().toMessage(connection);
			TcpListener listener = connection.getListener();
			if (mapped != null && listener != null) {
				listener.onMessage(mapped);
			}
		}
		catch (Throwable ex) {
			logger.error("Failed to handle a message of {}", this.served, ex);
			this.served.abandon(CloseReasons.ofService(ex));
		}
		finally {
			this.wire.execute(life()::settle);
		}
	}

	byte @Nullable [] takePayload() {
		byte[] taken = this.payload;
		this.payload = null;
		return taken;
	}

	MessageHeaders headers(MessageConnection connection, ConnectionMessageMapper mapper) {
		MessageHeaders known = this.headers;
		if (known == null) {
			known = mapper.newHeaders(connection);
			this.headers = known;
		}
		return known;
	}

	/**
	 * Sends a reply. Where that fails, the connection is closed.
	 */
	void reply(TcpConnectionSupport connection, Message<?> reply) {
		try {
			if (life().isAbandoned()) {
				return;
			}
			Object mapped = connection.getMapper().fromMessage(reply);
			if (!(mapped instanceof byte[] bytes)) {
				throw new IllegalArgumentException("A reply is bytes or text, not " + mapped);
			}
			byte[] frame = this.settings.framing().frame(bytes);
			this.wire.write(frame, 0, frame.length);
		}
		catch (IOException ex) {
			socketFailed(ex);
		}
		catch (RuntimeException | Error ex) {
			logger.debug("A reply of {} could not be sent", this.served, ex);
			this.served.abandon(CloseReasons.ofReply(ex));
		}
	}

	/**
	 * Reading or writing has failed.
	 */
	void socketFailed(Throwable failure) {
		logger.debug("{} failed", this.served, failure);
		this.wire.execute(() -> life().fail(CloseReasons.ofSocket(failure)));
	}

	/**
	 * The peer's FIN was received, and all before it was answered.
	 */
	void peerEnded() {
		this.wire.execute(life()::peerEnded);
	}

	/**
	 * The connection is gone; may be told more than once.
	 */
	void ended() {
		this.reader.end();
		this.wire.execute(() -> this.served.ended(this.settings.registry()));
	}

}
