package dev.echod.classic;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.Semaphore;

import dev.echod.admission.Place;
import dev.echod.connection.Acceptor;
import dev.echod.connection.ConnectionIds;
import dev.echod.connection.RefusalReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.Lifecycle;

/**
 * Starts a process for each connection, which has the connection as its standard input
 * and output.
 */
public final class ProcessAcceptor implements Lifecycle {

	private static final Logger logger = LoggerFactory.getLogger(ProcessAcceptor.class);

	private final ClassicSettings settings;

	private final List<String> command;

	private final Semaphore permits;

	private final ConnectionIds ids = new ConnectionIds();

	private final AcceptLoop accepting;

	/**
	 * Create an acceptor.
	 * @param command a program and its arguments
	 * @param limit how many processes run at most; who comes then is refused
	 */
	public ProcessAcceptor(ClassicSettings settings, List<String> command, int limit) {
		this.settings = settings;
		this.command = command;
		this.permits = new Semaphore(limit);
		this.accepting = new AcceptLoop(settings, this::accepted);
	}

	/**
	 * Accepts its connections.
	 */
	public Acceptor acceptor() {
		return this.accepting;
	}

	private void accepted(Socket socket, Place place) {
		String id = this.ids.next(this.settings.name());
		Arrived accepted = Arrived.of(socket, place);
		if (this.settings.steps().isEmpty()) {
			serve(id, accepted);
		}
		else {
			new SocketArrival(id, this.settings, accepted).begin(this.accepting::isRunning,
					(task) -> Thread.ofVirtual().name(id + "-arrival").start(task), (arrived) -> serve(id, arrived));
		}
	}

	private void serve(String id, Arrived arrived) {
		if (!this.permits.tryAcquire()) {
			this.settings.registry().refused(this.settings.name(), RefusalReason.PROCESS_LIMIT);
			close(arrived);
			return;
		}
		ChildProcess process = null;
		try {
			arrived.socket().setTcpNoDelay(this.settings.tcpNoDelay());
			this.settings.setOptions(arrived.socket());
			process = ChildProcess.start(this.command);
			new ProcessConnection(id, this.settings, arrived, process).serve()
				.whenComplete((done, failure) -> this.permits.release());
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.warn("{} could not be served by a process: {}", id, ex.getMessage());
			this.permits.release();
			close(arrived);
			if (process != null) {
				process.end();
			}
		}
	}

	private static void close(Arrived arrived) {
		arrived.place().giveBack();
		try {
			arrived.socket().close();
		}
		catch (IOException ex) {
			logger.debug("{} failed to close", arrived, ex);
		}
	}

	/**
	 * Binds and accepts.
	 * @throws java.io.UncheckedIOException if the address cannot be bound
	 */
	@Override
	public void start() {
		this.accepting.start();
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
		}
	}

	@Override
	public boolean isRunning() {
		return this.accepting.isRunning();
	}

}
