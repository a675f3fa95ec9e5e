package dev.echod.classic;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.echod.admission.Place;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionActivity;
import dev.echod.connection.ConnectionLife;
import dev.echod.connection.ServedConnection;
import dev.echod.gateway.CloseReasons;
import dev.echod.tls.TlsSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection and its process. Four threads wait: for the peer, for the process to take
 * what came from it, for the process's output, and for what it complains of. Little is
 * kept between them, so that neither side can run far ahead of the other.
 * <p>
 * A process learns of its client's FIN by the end of its input. Who has left and who
 * still reads send the same FIN: a process that is silent for five seconds after it is
 * ended, and so is one that takes nothing of what waits for it meanwhile.
 */
final class ProcessConnection {

	private static final Logger logger = LoggerFactory.getLogger(ProcessConnection.class);

	private static final Duration SILENT = Duration.ofSeconds(5);

	private static final int BUFFER = 16 * 1024;

	private final ClassicSettings settings;

	private final Arrived arrived;

	private final ChildProcess process;

	private final ProcessWire wire;

	private final ServedConnection served;

	private final ProcessInput input = new ProcessInput();

	private final CompletableFuture<Void> gone = new CompletableFuture<>();

	private final ProcessProgress progress;

	private volatile boolean outputEnded;

	private final CompletableFuture<Void> outputDone = new CompletableFuture<>();

	/**
	 * Whether the client's end has come, and is not to be read yet.
	 */
	private volatile boolean endUnread;

	ProcessConnection(String id, ClassicSettings settings, Arrived arrived, ChildProcess process) {
		this.settings = settings;
		this.arrived = arrived;
		this.process = process;
		this.wire = new ProcessWire(arrived.place());
		this.served = new ServedConnection(id, settings.name(), arrived.endpoints(), this.wire, this.wire.activity());
		this.progress = new ProcessProgress(this.input, this.wire, this.gone);
		this.served.keepTo(settings.rates().get());
		settings.registry().opened(this.served);
	}

	private ConnectionLife life() {
		return this.served.life();
	}

	/**
	 * Serves the connection on threads of its own. Those at pipes are the system's:
	 * reading one would hold on to the carriers of virtual ones. Where the system has
	 * none left, the connection is closed.
	 * @return completes when the connection, the process and the threads are gone
	 */
	CompletableFuture<Void> serve() {
		List<CompletableFuture<?>> ends = new ArrayList<>(List.of(this.gone, this.process.onExit()));
		try {
			ends.add(start("feed", () -> run(this::feed)));
			ends.add(start("err", () -> run(this::logErrors)));
			ends.add(start("out", this::serveOutput));
			Thread.ofVirtual().name(this.served.id() + "-in").start(() -> run(this::readInput));
			this.process.onExit()
				.thenRunAsync(() -> run(() -> endWhenSilent(CloseReason.PROCESS_ENDED)), SocketWire.THREADS);
		}
		catch (RuntimeException | Error ex) {
			logger.warn("{} could not be served by a process: {}", this.served, ex.getMessage());
			this.wire.execute(() -> life().fail(CloseReason.SERVICE_FAILED));
		}
		return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
	}

	private CompletableFuture<Void> start(String what, Runnable task) {
		return CompletableFuture.runAsync(task,
				(named) -> Thread.ofPlatform().name(this.served.id() + "-" + what).start(named));
	}

	/**
	 * Runs one of the tasks that serve the connection, which ends where one fails.
	 */
	private void run(Task task) {
		try {
			task.run();
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.debug("{} failed", this.served, ex);
			fail(CloseReasons.ofSocket(ex));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			fail(CloseReason.SERVICE_FAILED);
		}
	}

	private void readInput() throws IOException, InterruptedException {
		byte[] buffer = new byte[BUFFER];
		InputStream stream = this.arrived.input();
		if (this.arrived.socket() instanceof TlsSocket secured) {
			secured.beforeEnd(this::endComes);
		}
		for (int length = this.wire.read(stream, buffer); length >= 0; length = this.wire.read(stream, buffer)) {
			this.wire.activity().received(length, this.wire.nanoTime());
			if (this.wire.ask(life()::owe)) {
				this.wire.activity().messageReceived();
				offer(Arrays.copyOf(buffer, length));
			}
		}
		inputEnded();
	}

	/**
	 * When the end has been read, nothing more can be sent: the process answers first.
	 */
	private void endComes() {
		this.endUnread = true;
		this.wire.execute(life()::peerEnded);
		SocketWire.THREADS.execute(() -> run(() -> endWhenSilent(CloseReason.PEER_CLOSED)));
		this.outputDone.join();
	}

	private void inputEnded() throws InterruptedException {
		this.endUnread = false;
		this.wire.execute(() -> {
			life().peerEnded();
			this.wire.finishWhenAnswered();
		});
		endWhenSilent(CloseReason.PEER_CLOSED);
	}

	/**
	 * Waits while the process takes nothing, but not for one that is silent: whether its
	 * client has left is not seen before all that this sent was read.
	 */
	private void offer(byte[] bytes) throws InterruptedException {
		while (!this.input.offer(bytes) && !this.gone.isDone()) {
			if (this.progress.isSilent(SILENT)) {
				logger.warn("{} is closed, its process takes no input", this.served);
				fail(CloseReason.SERVICE_FAILED);
			}
		}
	}

	/**
	 * Ends what has nothing to say any more: a process whose client may have left, then
	 * the output of one that has ended, which others may hold open.
	 */
	private void endWhenSilent(CloseReason reason) throws InterruptedException {
		while (!this.gone.isDone() && !this.outputEnded) {
			if (!this.progress.isSilent(SILENT)) {
				continue;
			}
			if (!this.process.isAlive()) {
				fail(reason);
			}
			else {
				this.process.end();
			}
		}
	}

	private void fail(CloseReason reason) {
		this.wire.execute(() -> life().fail(reason));
	}

	private void feed() throws InterruptedException {
		try {
			this.input.feed(this.process.input(), () -> this.wire.execute(life()::settle));
		}
		catch (IOException ex) {
			logger.debug("{} has a process that takes no end of input", this.served, ex);
		}
	}

	private void serveOutput() {
		run(this::pumpOutput);
		this.wire.execute(this.wire::outputEnded);
	}

	private void pumpOutput() throws IOException {
		byte[] buffer = new byte[BUFFER];
		try (InputStream stream = this.process.output()) {
			for (int length = this.wire.read(stream, buffer); length >= 0; length = this.wire.read(stream, buffer)) {
				this.wire.write(buffer, 0, length);
			}
		}
	}

	private void logErrors() throws IOException {
		try (InputStream errors = this.process.errors()) {
			new ErrorLines(this.served.id()).read(errors);
		}
	}

	private interface Task {

		void run() throws IOException, InterruptedException;

	}

	/**
	 * The socket, with the process behind it.
	 */
	private final class ProcessWire extends SocketWire {

		private @Nullable Consumer<Boolean> finished;

		ProcessWire(Place place) {
			super(ProcessConnection.this.arrived.socket(), place, new ConnectionActivity(
					ProcessConnection.this.settings.registry().trafficOfThreads(ProcessConnection.this.settings.name()),
					System.nanoTime()));
		}

		/**
		 * Tells the process that its input has ended; it is finished when its output has.
		 */
		@Override
		public void finish(Consumer<Boolean> told) {
			ProcessConnection.this.input.end();
			this.finished = told;
			finishWhenAnswered();
		}

		/**
		 * Called in order, when the process's output has ended and when the client's end
		 * was read.
		 */
		void finishWhenAnswered() {
			Consumer<Boolean> told = this.finished;
			if (told != null && ProcessConnection.this.outputEnded && !ProcessConnection.this.endUnread) {
				this.finished = null;
				super.finish(told);
			}
		}

		/**
		 * The process's output has ended; called in order.
		 */
		void outputEnded() {
			ProcessConnection.this.outputEnded = true;
			ProcessConnection.this.outputDone.complete(null);
			if (this.finished != null) {
				finishWhenAnswered();
			}
			else {
				ProcessConnection.this.served
					.close(life().isInputEnded() ? CloseReason.PEER_CLOSED : CloseReason.PROCESS_ENDED);
			}
		}

		/**
		 * Ends the process as well.
		 */
		@Override
		public void close() {
			try {
				super.close();
				ProcessConnection.this.served.ended(ProcessConnection.this.settings.registry());
			}
			finally {
				ProcessConnection.this.input.abandon();
				ProcessConnection.this.process.end();
				ProcessConnection.this.outputDone.complete(null);
				ProcessConnection.this.gone.complete(null);
			}
		}

	}

}
