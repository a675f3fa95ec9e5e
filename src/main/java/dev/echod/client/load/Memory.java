package dev.echod.client.load;

import io.netty.util.internal.PlatformDependent;

import org.springframework.util.Assert;

/**
 * The memory that this process may have: each event loop has a script and figures of its
 * own.
 */
final class Memory {

	/**
	 * The share that is left for connections, reports, and all else.
	 */
	private static final double FREE = 0.25;

	/**
	 * What is measured now, and what was until it is taken.
	 */
	private static final int FIGURES = 2;

	private Memory() {
	}

	/**
	 * Looks whether there may be so many event loops with such messages.
	 * @throws IllegalArgumentException if not; it says what to change
	 */
	static void check(LoadPlan plan) {
		check(plan, Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
	}

	static void check(LoadPlan plan, long heap, long direct) {
		long figures = (long) plan.loops() * FIGURES * Figures.BYTES;
		// One is copied when it grows.
		long scripts = (plan.loops() + 1L) * Script.capacity(plan.messages());
		Assert.isTrue(figures <= (1 - FREE) * heap && scripts <= (1 - FREE) * direct,
				() -> "%d event loops with messages of %s take more memory than this JVM may have (-Xmx): it takes fewer --event-loops or a smaller --size"
					.formatted(plan.loops(), plan.messages().sizes()));
	}

}
