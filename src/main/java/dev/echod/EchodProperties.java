package dev.echod;

import java.util.Map;

import dev.echod.admin.AdminProperties;
import dev.echod.connection.ClosedConnectionsProperties;
import dev.echod.drain.DrainProperties;
import dev.echod.listener.AccessLogMode;
import dev.echod.listener.ListenerProperties;
import dev.echod.listener.ListenersProperties;
import dev.echod.transport.Transport;
import dev.echod.transport.TransportProperties;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * All properties of echod. One record holds them, so that a name that is none of them
 * stops the start.
 *
 * @param transport event loops' interface to the operating system; auto takes the first
 * of io-uring, epoll, kqueue and nio that works here
 * @param eventLoops number of event loops; 0 is one for each processor
 * @param listeners listeners by name
 * @param closedConnections which closed connections are kept, to be asked for
 * @param drain how the service is taken out of use
 * @param accessLog what the logger dev.echod.access tells of each connection
 * @param admin who may use the admin API
 */
@Validated
@ConfigurationProperties(prefix = "echod", ignoreUnknownFields = false)
record EchodProperties(@DefaultValue("auto") Transport transport, @DefaultValue("0") @Min(0) @Max(1024) int eventLoops,
		@DefaultValue Map<String, @Valid ListenerProperties> listeners,
		@DefaultValue @Valid ClosedConnectionsProperties closedConnections, @DefaultValue @Valid DrainProperties drain,
		@DefaultValue("off") AccessLogMode accessLog, @DefaultValue AdminProperties admin) {

	TransportProperties transportProperties() {
		return new TransportProperties(this.transport, this.eventLoops);
	}

	ListenersProperties listenersProperties() {
		return new ListenersProperties(this.listeners);
	}

}
