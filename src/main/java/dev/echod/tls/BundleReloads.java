package dev.echod.tls;

import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * How the reloads of a bundle went.
 */
public final class BundleReloads {

	private final LongAdder succeeded = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private volatile @Nullable String failure;

	void succeeded() {
		this.failure = null;
		this.succeeded.increment();
	}

	void failed(String why) {
		this.failure = why;
		this.failed.increment();
	}

	/**
	 * How many reloads succeeded since the start.
	 */
	public long successes() {
		return this.succeeded.sum();
	}

	/**
	 * How many reloads failed since the start.
	 */
	public long failures() {
		return this.failed.sum();
	}

	/**
	 * Why the latest reload failed, so that what was loaded before is in use; null when
	 * it did not.
	 */
	public @Nullable String failure() {
		return this.failure;
	}

}
