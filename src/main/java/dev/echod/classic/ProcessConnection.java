package dev.echod.classic;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection and its process. Three threads wait: for the peer, for the process's
 * output, and for what it complains of. Each waits in turn for who takes what it read, so
 * that neither side can run ahead of the other.
 */
final class ProcessConnection implements ServedConnection.Server {

	private static final Logger logger = LoggerFactory.getLogger(ProcessConnection.class);

	private static final int BUFFER = 16 * 1024;

	/**
	 * For the process to finish, and the peer after it.
	 */
	private static final long END_SECONDS = 10;

	private final Socket socket;

	private final Process process;

	private final ServedConnection served;

	private final Runnable finished;

	private final AtomicBoolean isFinished = new AtomicBoolean();

	private volatile boolean inputEnded;

	/**
	 * Create a connection.
	 * @param finished called once, when the connection is gone
	 */
	ProcessConnection(String id, ClassicSettings settings, Socket socket, Process process, Runnable finished) {
		this.socket = socket;
		this.process = process;
		this.finished = finished;
		this.served = new ServedConnection(id, settings.name(), socket, settings.registry(), this);
	}

	ServedConnection served() {
		return this.served;
	}

	/**
	 * Serves the connection on threads of its own. They are the system's: reading a pipe
	 * would hold on to the carriers of virtual ones. Where the system has none left, the
	 * connection is closed.
	 */
	void serve() {
		this.process.onExit().thenRun(() -> finishUnless(this.served.bytesSent()));
		try {
			Thread input = start("in", this::pumpInput);
			start("err", this::logErrors);
			start("out", () -> {
				pumpOutput();
				try {
					input.join();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				close();
				finish();
			});
		}
		catch (OutOfMemoryError ex) {
			logger.warn("{} could not be served by a process: {}", this.served.id(), ex.getMessage());
			this.served.because(CloseReason.SERVICE_FAILED);
			close();
		}
	}

	/**
	 * A process that has ended may have left others that hold its output open. They are
	 * not waited for when nothing comes any more.
	 */
	private void finishUnless(long sentBefore) {
		CompletableFuture.delayedExecutor(END_SECONDS, TimeUnit.SECONDS).execute(() -> {
			if (this.served.bytesSent() != sentBefore && !this.isFinished.get()) {
				finishUnless(this.served.bytesSent());
			}
			else if (!this.isFinished.get()) {
				this.served.because(CloseReason.PROCESS_ENDED);
				close();
			}
		});
	}

	private void finish() {
		if (this.isFinished.compareAndSet(false, true)) {
			this.served.ended();
			this.finished.run();
		}
	}

	private Thread start(String what, Runnable task) {
		return Thread.ofPlatform().name(this.served.id() + "-" + what).start(task);
	}

	private void pumpInput() {
		byte[] buffer = new byte[BUFFER];
		try {
			InputStream input = this.socket.getInputStream();
			for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
				this.served.received(length);
				give(buffer, length);
			}
			this.inputEnded = true;
			endOutput();
		}
		catch (IOException ex) {
			// Also when the connection was closed here: the reason is known then.
			this.served.because(CloseReason.PEER_RESET);
			kill();
		}
	}

	/**
	 * A process that has ended or was told the end takes no more; what still comes is
	 * discarded.
	 */
	private void give(byte[] buffer, int length) {
		if (!this.served.messageReceived()) {
			return;
		}
		try {
			OutputStream output = this.process.getOutputStream();
			output.write(buffer, 0, length);
			output.flush();
		}
		catch (IOException ex) {
			logger.debug("{} has a process that takes no input", this.served.id(), ex);
		}
		finally {
			this.served.messageAnswered();
		}
	}

	private void pumpOutput() {
		byte[] buffer = new byte[BUFFER];
		try {
			OutputStream output = this.socket.getOutputStream();
			InputStream input = this.process.getInputStream();
			for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
				output.write(buffer, 0, length);
				this.served.sent(length);
			}
		}
		catch (IOException ex) {
			this.served.because(CloseReason.PEER_RESET);
			kill();
		}
		if (!this.inputEnded && this.served.state() == ConnectionState.OPEN) {
			this.served.because(CloseReason.PROCESS_ENDED);
		}
		ServedConnection.shutdownOutput(this.socket);
		this.served.close(CloseReason.PEER_CLOSED);
	}

	private void logErrors() {
		try (BufferedReader errors = this.process.errorReader(StandardCharsets.UTF_8)) {
			for (String line = errors.readLine(); line != null; line = errors.readLine()) {
				logger.info("{}: {}", this.served.id(), line.replaceAll("\\p{Cntrl}", "?"));
			}
		}
		catch (IOException ex) {
			logger.debug("{} has a process whose errors cannot be read", this.served.id(), ex);
		}
	}

	/**
	 * Tells the process that the input has ended; its output ends when it has finished.
	 */
	@Override
	public void endOutput() {
		try {
			this.process.getOutputStream().close();
		}
		catch (IOException ex) {
			logger.debug("{} has a process that takes no end of input", this.served.id(), ex);
		}
	}

	@Override
	public long finTimeoutSeconds() {
		return this.process.isAlive() ? END_SECONDS : 1;
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			logger.debug("{} failed to close", this.served.id(), ex);
		}
		kill();
		// Whoever still holds the output open is not waited for.
		CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(this::finish);
	}

	/**
	 * The process first, so that it starts no more.
	 */
	private void kill() {
		if (!this.process.isAlive()) {
			return;
		}
		List<ProcessHandle> descendants = List.of();
		try {
			descendants = this.process.descendants().toList();
		}
		catch (RuntimeException ex) {
			logger.debug("{} has a process whose children cannot be told", this.served.id(), ex);
		}
		this.process.destroyForcibly();
		descendants.forEach(ProcessHandle::destroyForcibly);
	}

}
