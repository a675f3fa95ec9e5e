package dev.echod.transport;

import java.util.List;
import java.util.Map;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorSupport;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;

/**
 * The connections of a factory, as Spring Integration asks for them: without its lock,
 * and without its search for those that are gone. Each takes itself away at its end.
 */
final class FactoryConnections {

	private static final Logger logger = LoggerFactory.getLogger(FactoryConnections.class);

	private final Map<String, TcpConnectionSupport> connections;

	private final @Nullable ConnectionRegistry registry;

	/**
	 * Create the connections of a factory.
	 * @param connections the factory's own
	 * @param registry learns of each; null for none to
	 */
	FactoryConnections(Map<String, TcpConnectionSupport> connections, @Nullable ConnectionRegistry registry) {
		this.connections = connections;
		this.registry = registry;
	}

	/**
	 * One is ready; called on its event loop.
	 */
	void opened(ChannelConnection connection) {
		if (this.registry != null) {
			this.registry.opened(connection.served());
		}
	}

	/**
	 * One is gone; called on its event loop.
	 */
	void ended(ChannelConnection connection) {
		remove(connection);
		connection.served().ended(this.registry);
	}

	/**
	 * One could not be set up. Who was told of it already is told that it is gone.
	 */
	void abandoned(ChannelConnection connection) {
		remove(connection);
		connection.removeFromSenders();
	}

	private void remove(ChannelConnection connection) {
		this.connections.remove(connection.getConnectionId());
	}

	/**
	 * The ids of those that are open.
	 */
	List<String> openIds() {
		return this.connections.values()
			.stream()
			.filter(TcpConnectionSupport::isOpen)
			.map(TcpConnectionSupport::getConnectionId)
			.toList();
	}

	/**
	 * Closes one in order, and returns at once.
	 * @return whether there was one
	 */
	boolean close(String id) {
		TcpConnectionSupport connection = this.connections.get(id);
		if (connection != null) {
			connection.close();
		}
		return connection != null;
	}

	/**
	 * Closes all in order, returns at once, and leaves none of them to be closed by
	 * others: each tells of its own end, and only once. An interceptor that fails keeps
	 * none open.
	 */
	void closeAll(CloseReason reason) {
		this.connections.forEach((id, connection) -> {
			try {
				close(connection, reason);
			}
			catch (RuntimeException | Error ex) {
				logger.warn("{} could not be closed by its interceptors: {}", id, ex.toString());
				innermost(connection).served().close(reason);
			}
			this.connections.remove(id, connection);
		});
	}

	private static void close(TcpConnectionSupport outermost, CloseReason reason) {
		ChannelConnection connection = innermost(outermost);
		if (connection.equals(outermost)) {
			connection.served().close(reason);
		}
		else {
			connection.wire().execute(() -> connection.served().life().because(reason));
			outermost.close();
		}
	}

	private static ChannelConnection innermost(TcpConnectionSupport connection) {
		TcpConnectionSupport innermost = connection;
		while (innermost instanceof TcpConnectionInterceptorSupport interceptor) {
			innermost = interceptor.getTheConnection();
		}
		return (ChannelConnection) innermost;
	}

}
