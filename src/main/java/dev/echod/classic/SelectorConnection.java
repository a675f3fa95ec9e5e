package dev.echod.classic;

import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.function.Consumer;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.TcpNioConnection;
import org.springframework.messaging.Message;

/**
 * Spring's non-blocking connection, listed, counted and closed as any other.
 */
final class SelectorConnection extends TcpNioConnection implements ServedConnection.Server, Counted {

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

	@Override
	public Object getPayload() {
		return this.serializer.next(this::inputStream);
	}

	@Override
	public void send(Message<?> message) {
		this.serializer.send((byte[]) Objects.requireNonNull(getMapper().fromMessage(message)),
				this::getChannelOutputStream);
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
