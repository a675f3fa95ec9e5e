package dev.echod.testing;

import java.lang.management.ManagementFactory;

/**
 * What the heap holds once garbage is gone.
 */
public final class UsedHeap {

	private UsedHeap() {
	}

	/**
	 * Collects garbage, and returns what is left, in bytes.
	 */
	public static long bytes() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
