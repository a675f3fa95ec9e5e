package dev.echod.classic;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process of ours and its children, which are ended together: first asked to (SIGTERM),
 * then made to (SIGKILL).
 */
final class ChildProcess {

	private static final Logger logger = LoggerFactory.getLogger(ChildProcess.class);

	private static final long KILL_AFTER_SECONDS = 2;

	private final Process process;

	private final AtomicBoolean ending = new AtomicBoolean();

	private ChildProcess(Process process) {
		this.process = process;
	}

	/**
	 * Starts a process.
	 * @throws IOException if the system cannot
	 */
	static ChildProcess start(List<String> command) throws IOException {
		return new ChildProcess(new ProcessBuilder(command).start());
	}

	OutputStream input() {
		return this.process.getOutputStream();
	}

	InputStream output() {
		return this.process.getInputStream();
	}

	InputStream errors() {
		return this.process.getErrorStream();
	}

	/**
	 * Whether it runs; its children may live on when it does not.
	 */
	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Completes when it has ended; its children may live on.
	 */
	CompletableFuture<Process> onExit() {
		return this.process.onExit();
	}

	/**
	 * Ends it, and returns at once.
	 */
	void end() {
		if (!this.process.isAlive() || !this.ending.compareAndSet(false, true)) {
			return;
		}
		// Before they are orphans, whom nobody knows.
		List<ProcessHandle> family = family(this.process.toHandle()).toList();
		family.forEach(ProcessHandle::destroy);
		CompletableFuture.delayedExecutor(KILL_AFTER_SECONDS, TimeUnit.SECONDS, SocketWire.THREADS)
			.execute(() -> family.stream()
				.filter(ProcessHandle::isAlive)
				.flatMap(ChildProcess::family)
				.forEach(ProcessHandle::destroyForcibly));
	}

	/**
	 * A process before its children, so that it starts no more.
	 */
	private static Stream<ProcessHandle> family(ProcessHandle parent) {
		try {
			return Stream.concat(Stream.of(parent), parent.descendants());
		}
		catch (RuntimeException ex) {
			logger.debug("The children of {} cannot be told", parent, ex);
			return Stream.of(parent);
		}
	}

}
