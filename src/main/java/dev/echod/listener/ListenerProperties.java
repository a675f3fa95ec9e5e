package dev.echod.listener;

import java.net.InetAddress;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A listener: an address and port, and how it is served.
 *
 * @param enabled whether the listener is started
 * @param address address to listen on
 * @param port port to listen on; 0 for any that is free, which the log then names
 * @param backlog connections that may wait to be accepted; the system's limit
 * (net.core.somaxconn) holds as well
 * @param tcpNoDelay whether small writes are sent at once (TCP_NODELAY)
 * @param readBuffer largest single read
 * @param writeBufferHigh reading from a connection stops when more than this waits to be
 * written to it
 * @param writeBufferLow reading goes on when less than this waits to be written
 */
public record ListenerProperties(@DefaultValue("true") boolean enabled, @DefaultValue("0.0.0.0") InetAddress address,
		@DefaultValue("8080") @Min(0) @Max(65535) int port, @DefaultValue("4096") @Min(1) int backlog,
		@DefaultValue("true") boolean tcpNoDelay, @DefaultValue("64KB") DataSize readBuffer,
		@DefaultValue("256KB") DataSize writeBufferHigh, @DefaultValue("64KB") DataSize writeBufferLow) {

}
