package dev.echod.listener;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Objects;

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

	private final NettyServerConnectionFactory connectionFactory;

	private final NonBlockingTcpInboundGateway gateway;

	Listener(String name, InetSocketAddress configuredAddress, Transport transport,
			NettyServerConnectionFactory connectionFactory, NonBlockingTcpInboundGateway gateway) {
		this.name = name;
		this.configuredAddress = configuredAddress;
		this.transport = transport;
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

	public boolean isAccepting() {
		return this.connectionFactory.isListening();
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
