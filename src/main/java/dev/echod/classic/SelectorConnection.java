package dev.echod.classic;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import dev.echod.connection.CloseReason;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.TcpNioConnection;
import org.springframework.integration.ip.tcp.serializer.SoftEndOfStreamException;
import org.springframework.messaging.Message;

/**
 * Spring's non-blocking connection, listed, counted and closed as any other.
 */
final class SelectorConnection extends TcpNioConnection implements ServedConnection.Server, Counted {

	private final Lock sending = new ReentrantLock();

	private final SocketChannel channel;

	private final Consumer<String> forget;

	private final ServedConnection served;

	private final CountedSerializer serializer;

	SelectorConnection(SocketChannel channel, String id, ClassicSettings settings, ApplicationEventPublisher publisher,
			Consumer<String> forget) {
		super(channel, true, false, publisher, settings.name());
		this.channel = channel;
		this.forget = forget;
		this.served = new ServedConnection(id, settings.name(), channel.socket(), settings.registry(), this);
		this.serializer = new CountedSerializer(settings.framing(), settings.maxFrame(), this.served);
	}

	@Override
	public ServedConnection served() {
		return this.served;
	}

	/**
	 * Asked for by the constructor of Spring's, when that logs.
	 */
	@Override
	public String getConnectionId() {
		return (this.served != null) ? this.served.id() : super.getConnectionId();
	}

	/**
	 * Reads the next message that is to be answered.
	 */
	@Override
	public Object getPayload() {
		try {
			return this.serializer.next(inputStream());
		}
		catch (IOException ex) {
			throw new SoftEndOfStreamException("The connection has ended", ex);
		}
	}

	/**
	 * Sends a message. A peer that is gone is no failure of whoever sends.
	 */
	@Override
	public void send(Message<?> message) {
		this.sending.lock();
		try {
			OutputStream output = new BufferedOutputStream(getChannelOutputStream());
			this.serializer.serialize((byte[]) Objects.requireNonNull(getMapper().fromMessage(message)), output);
			output.flush();
		}
		catch (IOException ex) {
			this.served.because(CloseReason.PEER_RESET);
			close();
		}
		finally {
			this.sending.unlock();
		}
	}

	@Override
	public void endOutput() {
		ServedConnection.shutdownOutput(this.channel.socket());
	}

	@Override
	public void close() {
		super.close();
		this.forget.accept(this.served.id());
		this.served.ended();
	}

}
