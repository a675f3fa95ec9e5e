package dev.echod.classic;

import java.net.Socket;
import java.util.Objects;
import java.util.function.Consumer;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.TcpNetConnection;
import org.springframework.messaging.Message;

/**
 * Spring's blocking connection, listed, counted and closed as any other.
 */
final class ThreadConnection extends TcpNetConnection implements ServedConnection.Server, Counted {

	private final Socket socket;

	private final ServedConnection served;

	private final CountedSerializer serializer;

	private final Consumer<String> forget;

	ThreadConnection(Socket socket, String id, ClassicSettings settings, ApplicationEventPublisher publisher,
			Consumer<String> forget) {
		super(socket, true, false, publisher, settings.name());
		this.socket = socket;
		this.forget = forget;
		this.served = new ServedConnection(id, settings.name(), socket, settings.registry(), this);
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
				this.socket::getOutputStream);
	}

	@Override
	public void endOutput() {
		ServedConnection.shutdownOutput(this.socket);
	}

	@Override
	public void close() {
		super.close();
		this.forget.accept(this.served.id());
		this.served.ended();
	}

}
