package dev.echod.transport;

import java.util.List;
import java.util.Map;

import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;

/**
 * The connections of a factory, as Spring Integration asks for them: without its lock,
 * and without its search for those that are gone.
 */
final class FactoryConnections {

	private FactoryConnections() {
	}

	static List<String> openIds(Map<String, TcpConnectionSupport> connections) {
		return connections.values()
			.stream()
			.filter(TcpConnectionSupport::isOpen)
			.map(TcpConnectionSupport::getConnectionId)
			.toList();
	}

	static boolean close(Map<String, TcpConnectionSupport> connections, String id) {
		TcpConnectionSupport connection = connections.get(id);
		if (connection != null) {
			connection.close();
		}
		return connection != null;
	}

}
