package dev.echod.client.load;

import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;

import org.springframework.util.Assert;

/**
 * The files that this process may have open: each connection is one.
 */
final class OpenFiles {

	/**
	 * What is opened besides while a load runs: event loops, reports, the jar.
	 */
	private static final int OTHERS = 32;

	private OpenFiles() {
	}

	/**
	 * Looks whether there may be so many connections.
	 * @throws IllegalArgumentException if not; it says how many
	 */
	static void check(int connections) {
		if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
			check(connections, system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount());
		}
	}

	static void check(int connections, long most, long open) {
		Assert.isTrue(connections <= most - open - OTHERS,
				() -> "%,d connections are more than the limit of %,d open files allows (ulimit -n)"
					.formatted(connections, most));
	}

}
