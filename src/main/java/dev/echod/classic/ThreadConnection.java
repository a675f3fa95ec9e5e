package dev.echod.classic;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Objects;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ServedConnection;
import dev.echod.gateway.CloseReasons;
import dev.echod.gateway.ConnectionMessageMapper;
import dev.echod.gateway.MessageConnection;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.TcpNetConnection;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * Spring's blocking connection, read, listed, counted and closed as any other.
 */
final class ThreadConnection extends TcpNetConnection implements MessageConnection {

	private final Arrived arrived;

	private final SocketWire wire;

	private final SocketMessages messages;

	ThreadConnection(Arrived arrived, String id, ClassicSettings settings, SocketWire wire,
			ApplicationEventPublisher publisher) {
		super(arrived.socket(), true, false, publisher, settings.name());
		this.arrived = arrived;
		this.wire = wire;
		this.messages = new SocketMessages(id, settings, arrived.endpoints(), wire, true);
	}

	ServedConnection served() {
		return this.messages.served();
	}

	/**
	 * Asked for by the constructor of Spring's, when that logs.
	 */
	@Override
	public String getConnectionId() {
		return (this.messages != null) ? served().id() : super.getConnectionId();
	}

	@Override
	public String getHostAddress() {
		return (this.arrived != null) ? client().getAddress().getHostAddress() : super.getHostAddress();
	}

	/**
	 * The client's address: names are not looked up.
	 */
	@Override
	public String getHostName() {
		return getHostAddress();
	}

	@Override
	public int getPort() {
		return (this.arrived != null) ? client().getPort() : super.getPort();
	}

	private InetSocketAddress client() {
		return this.arrived.endpoints().client();
	}

	/**
	 * Serves the connection to its end.
	 */
	@Override
	public void run() {
		try {
			publishConnectionOpenEvent();
			InputStream input = this.arrived.input();
			while (this.messages.read(input) >= 0) {
				this.messages.answerAll(this);
			}
			this.messages.answerAll(this);
			this.messages.peerEnded();
			this.wire.awaitFinish();
		}
		catch (IOException | RuntimeException | Error ex) {
			this.messages.socketFailed(ex);
		}
		finally {
			// The registry first, whatever those do who are told.
			this.wire.execute(this.wire::close);
			super.close();
		}
	}

	/**
	 * There is no thread to serve it.
	 */
	void unserved() {
		this.wire.execute(() -> served().life().fail(CloseReason.SERVICE_FAILED));
	}

	@Override
	public byte[] getPayload() {
		return Objects.requireNonNull(this.messages.takePayload());
	}

	@Override
	public byte @Nullable [] takePayload() {
		return this.messages.takePayload();
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
	 * Closes in order.
	 */
	@Override
	public void close() {
		served().close(CloseReason.CLOSED);
	}

}
