package dev.echod.classic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.concurrent.Executor;

import dev.echod.admission.Place;
import dev.echod.connection.Acceptor;
import dev.echod.connection.ConnectionActivity;
import dev.echod.connection.ConnectionIds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.integration.ip.tcp.connection.TcpNetServerConnectionFactory;

/**
 * Spring's blocking connection factory: a thread for each connection, or one for all in
 * turn.
 */
public final class ThreadServerConnectionFactory extends TcpNetServerConnectionFactory {

	private static final Logger log = LoggerFactory.getLogger(ThreadServerConnectionFactory.class);

	private final ClassicSettings settings;

	private final Executor executor;

	private final ConnectionIds ids = new ConnectionIds();

	private final AcceptLoop accepting;

	private ThreadServerConnectionFactory(ClassicSettings settings, Executor executor) {
		super(settings.port());
		this.settings = settings;
		this.executor = executor;
		this.accepting = new AcceptLoop(settings, this::accepted);
		super.setSoTcpNoDelay(settings.tcpNoDelay());
	}

	/**
	 * A thread for each connection.
	 * @param executor starts a thread for each task
	 */
	public static ThreadServerConnectionFactory threadPerConnection(ClassicSettings settings, Executor executor) {
		return new ThreadServerConnectionFactory(settings, executor);
	}

	/**
	 * One connection at a time: the thread that accepted it serves it to its end, while
	 * others wait in the backlog.
	 */
	public static ThreadServerConnectionFactory serial(ClassicSettings settings) {
		return new ThreadServerConnectionFactory(settings, Runnable::run);
	}

	/**
	 * Accepts its connections.
	 */
	public Acceptor acceptor() {
		return this.accepting;
	}

	private void accepted(Socket socket, Place place) {
		try {
			setSocketAttributes(socket);
			this.settings.setOptions(socket);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		String id = this.ids.next(this.settings.name());
		Arrived accepted = Arrived.of(socket, place);
		if (this.settings.steps().isEmpty()) {
			serve(id, accepted, this.executor);
		}
		else {
			SocketArrival arrival = new SocketArrival(id, this.settings, accepted);
			arrival.begin(this.accepting::isRunning, this.executor, (arrived) -> serve(id, arrived, (connection) -> {
				arrival.arrived();
				connection.run();
			}));
		}
	}

	private void serve(String id, Arrived arrived, Executor thread) {
		SocketWire wire = new SocketWire(arrived.socket(), arrived.place(), new ConnectionActivity(
				this.settings.registry().trafficOfThreads(this.settings.name()), System.nanoTime()));
		ThreadConnection connection = new ThreadConnection(arrived, id, this.settings, wire,
				getApplicationEventPublisher());
		try {
			initializeConnection(connection, arrived.socket());
			thread.execute(connection);
		}
		catch (RuntimeException | Error ex) {
			log.warn("{} could not be served by a thread: {}", connection.served(), ex.getMessage());
			connection.unserved();
		}
	}

	@Override
	public int getPort() {
		return this.accepting.getPort();
	}

	/**
	 * Binds and accepts.
	 * @throws UncheckedIOException if the address cannot be bound
	 */
	@Override
	public void start() {
		setActive(true);
		this.accepting.start();
	}

	/**
	 * Does nothing: {@link AcceptLoop} accepts.
	 */
	@Override
	public void run() {
	}

	@Override
	public boolean isListening() {
		return this.accepting.isListening();
	}

	@Override
	public boolean isRunning() {
		return this.accepting.isRunning();
	}

	/**
	 * Refuses new connections, then closes the open ones in order. Waits until all are
	 * closed, twelve seconds at most.
	 */
	@Override
	public void stop() {
		if (this.accepting.isRunning()) {
			this.accepting.stop();
			this.settings.closeConnections();
			super.stop();
			setActive(false);
		}
	}

}
