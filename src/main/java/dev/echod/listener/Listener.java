package dev.echod.listener;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Objects;

import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.ConnectionTotals;
import dev.echod.transport.NettyServerConnectionFactory;
import dev.echod.transport.NonBlockingTcpInboundGateway;
import dev.echod.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named address and port on which connections are accepted and served.
 */
public class Listener {

	private static final Logger logger = LoggerFactory.getLogger(Listener.class);

	private final String name;

	private final InetSocketAddress configuredAddress;

	private final Transport transport;

	private final ConnectionRegistry registry;

	private final NettyServerConnectionFactory connectionFactory;

	private final NonBlockingTcpInboundGateway gateway;

	Listener(String name, InetSocketAddress configuredAddress, Transport transport, ConnectionRegistry registry,
			NettyServerConnectionFactory connectionFactory, NonBlockingTcpInboundGateway gateway) {
		this.name = name;
		this.configuredAddress = configuredAddress;
		this.transport = transport;
		this.registry = registry;
		this.connectionFactory = connectionFactory;
		this.gateway = gateway;
	}

	public String name() {
		return this.name;
	}

	/**
	 * Where the listener accepts connections, with the real port; when it does not, where
	 * it is configured to.
	 */
	public InetSocketAddress address() {
		return new InetSocketAddress(this.configuredAddress.getAddress(), this.connectionFactory.getPort());
	}

	public ListenerState state() {
		if (this.connectionFactory.isListening()) {
			return ListenerState.ACCEPTING;
		}
		return this.connectionFactory.isRunning() ? ListenerState.PAUSED : ListenerState.STOPPED;
	}

	/**
	 * The transport in use, as the property names it: {@code io-uring}.
	 */
	public String transport() {
		return this.transport.toString();
	}

	/**
	 * What its connections amount to since the start.
	 */
	public ConnectionTotals totals() {
		return this.registry.totals(this.name);
	}

	/**
	 * Stops accepting; new clients are refused, open connections are kept.
	 */
	public void pause() {
		this.connectionFactory.pauseAccepting();
	}

	/**
	 * Accepts again.
	 * @throws ListenerBindException if the address was taken in the meantime
	 */
	public void resume() {
		try {
			this.connectionFactory.resumeAccepting();
		}
		catch (UncheckedIOException ex) {
			throw new ListenerBindException(this.name, address(), Objects.requireNonNull(ex.getCause()));
		}
	}

	/**
	 * Starts to accept connections.
	 * @throws ListenerBindException if the address cannot be bound
	 */
	public void start() {
		try {
			this.gateway.start();
		}
		catch (UncheckedIOException ex) {
			throw new ListenerBindException(this.name, this.configuredAddress, Objects.requireNonNull(ex.getCause()));
		}
		logger.info("Listener '{}' accepts connections on {} port {} (transport {}, framing stream, service echo)",
				this.name, address().getAddress().getHostAddress(), address().getPort(), this.transport);
	}

	/**
	 * Stops accepting and closes the open connections in order.
	 */
	public void stop() {
		this.gateway.stop();
	}

}
