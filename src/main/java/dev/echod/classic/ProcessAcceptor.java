package dev.echod.classic;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import dev.echod.connection.Acceptor;
import dev.echod.connection.RefusalReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.Lifecycle;

/**
 * Starts a process for each connection, which has the connection as its standard input
 * and output.
 */
public final class ProcessAcceptor implements Acceptor, Lifecycle {

	private static final Logger logger = LoggerFactory.getLogger(ProcessAcceptor.class);

	private final ClassicSettings settings;

	private final List<String> command;

	private final Semaphore permits;

	private final Map<String, ProcessConnection> connections = new ConcurrentHashMap<>();

	private volatile PausableServerSocket socket;

	private long connectionNumber;

	/**
	 * Create an acceptor.
	 * @param command a program and its arguments
	 * @param limit how many processes run at most; who comes then is refused
	 */
	public ProcessAcceptor(ClassicSettings settings, List<String> command, int limit) {
		this.settings = settings;
		this.socket = PausableServerSocket.closed(settings);
		this.command = command;
		this.permits = new Semaphore(limit);
	}

	/**
	 * Binds and accepts.
	 * @throws java.io.UncheckedIOException if the address cannot be bound
	 */
	@Override
	public void start() {
		if (this.socket.isClosed()) {
			PausableServerSocket listening = PausableServerSocket.listen(this.settings);
			this.socket = listening;
			Thread.ofVirtual().name(this.settings.name() + "-accept").start(() -> acceptAll(listening));
		}
	}

	private void acceptAll(PausableServerSocket listening) {
		try {
			while (true) {
				accepted(listening.accept());
			}
		}
		catch (IOException ex) {
			logger.debug("{} accepts no more", this.settings.name(), ex);
		}
	}

	private void accepted(Socket accepted) throws IOException {
		if (!this.permits.tryAcquire()) {
			this.settings.registry().refused(this.settings.name(), RefusalReason.PROCESS_LIMIT);
			accepted.close();
			return;
		}
		String id = this.settings.name() + "-" + Long.toHexString(++this.connectionNumber);
		Process process;
		try {
			accepted.setTcpNoDelay(this.settings.tcpNoDelay());
			process = new ProcessBuilder(this.command).start();
		}
		catch (IOException ex) {
			logger.warn("{} could not be served by a process: {}", id, ex.getMessage());
			this.permits.release();
			accepted.close();
			return;
		}
		ProcessConnection connection = new ProcessConnection(id, this.settings, accepted, process, () -> {
			this.connections.remove(id);
			this.permits.release();
		});
		this.connections.put(id, connection);
		connection.serve();
	}

	/**
	 * Refuses new connections, then closes the open ones in order. Waits until all are
	 * closed, twelve seconds at most.
	 */
	@Override
	public void stop() {
		if (!this.socket.isClosed()) {
			this.socket.close();
			ServedConnection.closeAll(this.connections.values().stream().map(ProcessConnection::served).toList());
		}
	}

	@Override
	public boolean isRunning() {
		return !this.socket.isClosed();
	}

	@Override
	public boolean isListening() {
		return this.socket.isListening();
	}

	@Override
	public void pauseAccepting() {
		this.socket.pauseAccepting();
	}

	@Override
	public void resumeAccepting() {
		this.socket.resumeAccepting();
	}

	@Override
	public int getPort() {
		return this.socket.getLocalPort();
	}

}
