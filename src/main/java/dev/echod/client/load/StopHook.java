package dev.echod.client.load;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Ends loads in order when the process is told to end, and has it wait until they have
 * told how it was.
 */
final class StopHook implements AutoCloseable {

	private static final Duration TO_TELL = Duration.ofSeconds(2);

	private final CountDownLatch told = new CountDownLatch(1);

	private final Thread hook;

	private @Nullable LoadRun run;

	private boolean stopped;

	/**
	 * Begins to listen.
	 * @param patience how long a load may take to end
	 */
	StopHook(Duration patience) {
		this.hook = new Thread(() -> stop(patience.plus(TO_TELL)), "stop");
		try {
			Runtime.getRuntime().addShutdownHook(this.hook);
		}
		catch (IllegalStateException ex) {
			// The process is ending before there is a load.
			this.stopped = true;
		}
	}

	private void stop(Duration patience) {
		synchronized (this) {
			this.stopped = true;
			if (this.run != null) {
				this.run.stop();
			}
		}
		try {
			this.told.await(patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Sets the load that is to be ended.
	 * @return whether it is to begin at all
	 */
	synchronized boolean set(LoadRun next) {
		this.run = next;
		return !this.stopped;
	}

	@Override
	public void close() {
		this.told.countDown();
		try {
			Runtime.getRuntime().removeShutdownHook(this.hook);
		}
		catch (IllegalStateException ex) {
			// The process is ending.
		}
	}

}
