package dev.echod.connection;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the open connections of all listeners. Adding and removing take constant time;
 * any thread may call.
 */
public class ConnectionRegistry {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionRegistry.class);

	private final Map<String, OpenConnection> open = new ConcurrentHashMap<>();

	private final Collection<OpenConnection> openView = Collections.unmodifiableCollection(this.open.values());

	public void opened(OpenConnection connection) {
		this.open.put(connection.id(), connection);
		logger.debug("{} opened by {}", connection.id(), connection.peer());
	}

	public void closed(OpenConnection connection, CloseReason reason) {
		this.open.remove(connection.id());
		logger.debug("{} of {} closed, {}: {} bytes received, {} sent, {} messages", connection.id(), connection.peer(),
				reason, connection.bytesReceived(), connection.bytesSent(), connection.messages());
	}

	/**
	 * The open connections, as a live view.
	 */
	public Collection<OpenConnection> connections() {
		return this.openView;
	}

}
