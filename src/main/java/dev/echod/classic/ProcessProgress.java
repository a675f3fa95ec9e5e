package dev.echod.classic;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether a process gets on: it takes its input, or its client takes its output. One
 * whose client does not read, or may not be sent more yet, cannot.
 */
final class ProcessProgress {

	private static final int TICK_MILLIS = 100;

	private final ProcessInput input;

	private final SocketWire wire;

	private final Future<?> gone;

	/**
	 * Create the progress of a process.
	 * @param gone done when its connection is gone
	 */
	ProcessProgress(ProcessInput input, SocketWire wire, Future<?> gone) {
		this.input = input;
		this.wire = wire;
		this.gone = gone;
	}

	/**
	 * Waits as long as this, unless it gets on or is gone.
	 * @return whether it is to blame for not getting on; not when it is gone
	 */
	boolean isSilent(Duration limit) throws InterruptedException {
		long before = progress();
		for (long waited = 0; waited < limit.toMillis() && progress() == before; waited += TICK_MILLIS) {
			if (awaitGone()) {
				return false;
			}
		}
		return progress() == before && this.wire.pendingBytes() == 0 && !this.wire.isHeldBack();
	}

	private long progress() {
		return this.input.taken() + this.wire.taken();
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
