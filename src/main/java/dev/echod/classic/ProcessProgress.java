package dev.echod.classic;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.echod.connection.ServedConnection;

/**
 * Whether a process gets on: it takes its input, or its client takes its output.
 */
final class ProcessProgress {

	private static final int TICK_MILLIS = 100;

	private final ProcessInput input;

	private final ServedConnection served;

	private final Future<?> gone;

	/**
	 * Create the progress of a process.
	 * @param gone done when its connection is gone
	 */
	ProcessProgress(ProcessInput input, ServedConnection served, Future<?> gone) {
		this.input = input;
		this.served = served;
		this.gone = gone;
	}

	/**
	 * Waits as long as this, unless it gets on or is gone.
	 * @return whether it does not get on; not when it is gone
	 */
	boolean isSilent(Duration limit) throws InterruptedException {
		long before = progress();
		for (long waited = 0; waited < limit.toMillis() && progress() == before; waited += TICK_MILLIS) {
			if (awaitGone()) {
				return false;
			}
		}
		return progress() == before;
	}

	private long progress() {
		return this.input.taken() + this.served.bytesSent();
	}

	private boolean awaitGone() throws InterruptedException {
		try {
			this.gone.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
