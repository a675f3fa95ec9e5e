package dev.echod.classic;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the attempts to accept a connection that failed, for want of file descriptors
 * above all, and tells of the first and of the end. Used by one thread.
 */
final class AcceptFailures {

	private static final Logger logger = LoggerFactory.getLogger(AcceptFailures.class);

	static final long RETRY_MILLIS = 200;

	private final ClassicSettings settings;

	private boolean failing;

	AcceptFailures(ClassicSettings settings) {
		this.settings = settings;
	}

	void failed(@Nullable Throwable cause) {
		this.settings.registry().acceptFailed(this.settings.name());
		if (!this.failing) {
			this.failing = true;
			logger.warn("{} cannot accept connections for now: {}", this.settings.name(),
					(cause != null) ? cause.getMessage() : "the reason is not known");
		}
	}

	/**
	 * A connection was accepted.
	 */
	void accepted() {
		if (this.failing) {
			this.failing = false;
			logger.info("{} accepts connections again", this.settings.name());
		}
	}

}
