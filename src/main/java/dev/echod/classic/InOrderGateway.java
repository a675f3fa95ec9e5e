package dev.echod.classic;

import java.util.Map;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ServiceFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.integration.ip.tcp.connection.AbstractServerConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.inbound.TcpInboundGateway;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.ErrorMessage;

/**
 * Spring's inbound gateway, for flows that have answered when the request channel
 * returns. A connection whose message could not be handled is closed: a reply would be
 * missing.
 */
final class InOrderGateway extends TcpInboundGateway {

	/**
	 * Spring's own logger complains of clients that do not wait for their replies.
	 */
	private static final Logger log = LoggerFactory.getLogger(ServedConnection.class);

	private final Map<String, TcpConnectionSupport> connections;

	private InOrderGateway(Map<String, TcpConnectionSupport> connections) {
		this.connections = connections;
	}

	static TcpInboundGateway on(AbstractServerConnectionFactory factory,
			Map<String, TcpConnectionSupport> connections) {
		InOrderGateway gateway = new InOrderGateway(connections);
		gateway.setReplyTimeout(0);
		gateway.setConnectionFactory(factory);
		return gateway;
	}

	@Override
	public void onMessage(Message<?> message) {
		ServedConnection connection = connection(message);
		if (message instanceof ErrorMessage || connection == null) {
			return;
		}
		try {
			super.onMessage(message);
		}
		catch (RuntimeException ex) {
			CloseReason reason = ServiceFailedException.reasonOf(ex);
			if (reason == CloseReason.SERVICE_FAILED) {
				log.warn("{} is closed, its message could not be handled: {}", connection.id(),
						String.valueOf(NestedExceptionUtils.getMostSpecificCause(ex)));
			}
			connection.close(reason);
		}
		finally {
			connection.messageAnswered();
		}
	}

	private @Nullable ServedConnection connection(Message<?> message) {
		String id = String.valueOf(message.getHeaders().get(IpHeaders.CONNECTION_ID));
		return (this.connections.get(id) instanceof Counted known) ? known.served() : null;
	}

}
