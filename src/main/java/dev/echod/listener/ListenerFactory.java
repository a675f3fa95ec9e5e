package dev.echod.listener;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

import dev.echod.connection.ConnectionRegistry;
import dev.echod.service.EchoService;
import dev.echod.transport.ConnectionBuffers;
import dev.echod.transport.EventLoops;
import dev.echod.transport.NettyServerConnectionFactory;
import dev.echod.transport.NonBlockingTcpInboundGateway;

import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.integration.channel.FixedSubscriberChannel;
import org.springframework.util.unit.DataSize;

/**
 * Makes a listener of its properties: a connection factory, a gateway on it, a service
 * behind the gateway.
 */
class ListenerFactory {

	private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

	private static final DataSize LARGEST_BUFFER = DataSize.ofMegabytes(64);

	private final EventLoops eventLoops;

	private final ConnectionRegistry registry;

	private final AutowireCapableBeanFactory beanFactory;

	ListenerFactory(EventLoops eventLoops, ConnectionRegistry registry, AutowireCapableBeanFactory beanFactory) {
		this.eventLoops = eventLoops;
		this.registry = registry;
		this.beanFactory = beanFactory;
	}

	Listener create(String name, ListenerProperties properties) {
		String prefix = "echod.listeners." + name;
		if (!NAME.matcher(name).matches()) {
			throw new InvalidConfigurationPropertyValueException(prefix, name,
					"A listener's name takes lower-case letters, digits and '-', and starts with a letter.");
		}
		NettyServerConnectionFactory connectionFactory = new NettyServerConnectionFactory(properties.port(),
				this.eventLoops, this.registry);
		connectionFactory.setLocalAddress(properties.address().getHostAddress());
		connectionFactory.setBacklog(properties.backlog());
		connectionFactory.setSoTcpNoDelay(properties.tcpNoDelay());
		connectionFactory.setBuffers(buffers(prefix, properties));
		initialize(connectionFactory, name);

		EchoService service = initialize(new EchoService(), name + ".service");
		NonBlockingTcpInboundGateway gateway = new NonBlockingTcpInboundGateway();
		gateway.setConnectionFactory(connectionFactory);
		gateway.setRequestChannel(new FixedSubscriberChannel(service));
		initialize(gateway, name + ".gateway");

		return new Listener(name, new InetSocketAddress(properties.address(), properties.port()),
				this.eventLoops.transport(), this.registry, connectionFactory, gateway);
	}

	@SuppressWarnings("unchecked")
	private <T> T initialize(T component, String beanName) {
		return (T) this.beanFactory.initializeBean(component, beanName);
	}

	private static ConnectionBuffers buffers(String prefix, ListenerProperties properties) {
		int read = bytes(prefix + ".read-buffer", properties.readBuffer());
		int low = bytes(prefix + ".write-buffer-low", properties.writeBufferLow());
		int high = bytes(prefix + ".write-buffer-high", properties.writeBufferHigh());
		if (low > high) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".write-buffer-low",
					properties.writeBufferLow(),
					"It must not be above %s.write-buffer-high, which is %d bytes.".formatted(prefix, high));
		}
		return new ConnectionBuffers(read, low, high);
	}

	private static int bytes(String property, DataSize size) {
		if (size.toBytes() < ConnectionBuffers.MIN || size.compareTo(LARGEST_BUFFER) > 0) {
			throw new InvalidConfigurationPropertyValueException(property, size,
					"It must be from %d bytes to %s.".formatted(ConnectionBuffers.MIN, "64MB"));
		}
		return Math.toIntExact(size.toBytes());
	}

}
