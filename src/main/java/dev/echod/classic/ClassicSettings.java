package dev.echod.classic;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.List;
import java.util.function.Supplier;

import dev.echod.admission.Admission;
import dev.echod.connection.ByteRates;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.TcpOptions;
import dev.echod.framing.Framing;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the classical ways to serve have in common.
 *
 * @param name of the listener
 * @param address to listen on
 * @param port to listen on; 0 for any that is free
 * @param backlog connections that may wait to be accepted
 * @param tcpNoDelay whether small writes are sent at once
 * @param tcp what the system's TCP is told besides
 * @param maxFrame the longest message, in bytes
 * @param writeStall how long who takes nothing is waited for; 0 is forever. Asked for
 * each time, as it may change
 * @param rates what each connection is held to that comes; asked for each
 * @param admission who may come in
 * @param steps what is awaited of a client before its connection is ready, in order
 */
public record ClassicSettings(String name, String address, int port, int backlog, boolean tcpNoDelay, TcpOptions tcp,
		Framing framing, int maxFrame, Supplier<Duration> writeStall, Supplier<ByteRates> rates, Admission admission,
		List<ArrivalStep> steps, ConnectionRegistry registry) {

	private static final Logger logger = LoggerFactory.getLogger(ClassicSettings.class);

	private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(12);

	/**
	 * Listens on the address, and on nothing else: what the JDK opens unasked takes
	 * {@code 0.0.0.0} for {@code ::}.
	 * @param port the port; 0 for any that is free
	 */
	ServerSocketChannel listen(int port) throws IOException {
		InetAddress listening = InetAddress.getByName(this.address);
		ServerSocketChannel channel = ServerSocketChannel
			.open((listening instanceof Inet4Address) ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
		try {
			channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
			setInherited(channel);
			return channel.bind(new InetSocketAddress(listening, port), this.backlog);
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	private void setInherited(ServerSocketChannel channel) throws IOException {
		TcpOptions.KeepAlive keepAlive = this.tcp.keepAlive();
		if (keepAlive != null) {
			channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, (int) keepAlive.idle().toSeconds());
			channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, (int) keepAlive.interval().toSeconds());
			channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, keepAlive.count());
		}
		if (this.tcp.receiveBuffer() > 0) {
			channel.setOption(StandardSocketOptions.SO_RCVBUF, this.tcp.receiveBuffer());
		}
	}

	/**
	 * Sets what a socket that was accepted does not have from the listening one.
	 */
	void setOptions(Socket accepted) throws IOException {
		if (this.tcp.keepAlive() != null) {
			accepted.setKeepAlive(true);
		}
		if (this.tcp.sendBuffer() > 0) {
			accepted.setSendBufferSize(this.tcp.sendBuffer());
		}
		if (this.tcp.trafficClass() > 0) {
			accepted.setTrafficClass(this.tcp.trafficClass());
		}
	}

	/**
	 * Closes the listener's connections in order. Waits until all are closed, twelve
	 * seconds at most.
	 */
	void closeConnections() {
		this.registry.arrivals(this.name)
			.forEach((arrival) -> attempt(() -> arrival.end(CloseReason.LISTENER_STOPPED)));
		this.registry.connections(this.name)
			.forEach((connection) -> attempt(() -> connection.close(CloseReason.LISTENER_STOPPED)));
		this.registry.awaitNone(this.name, STOP_NANOS);
	}

	/**
	 * One that cannot be closed does not keep those after it open.
	 */
	private void attempt(Runnable close) {
		try {
			close.run();
		}
		catch (RuntimeException | Error ex) {
			logger.warn("A connection of {} could not be closed: {}", this.name, ex.toString());
		}
	}

}
