package dev.echod.client.load;

import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;

import org.springframework.util.Assert;

/**
 * The files that this process may have open: each connection is one.
 */
final class OpenFiles {

	/**
	 * What is opened besides while a load runs: reports, the jar.
	 */
	private static final int OTHERS = 32;

	/**
	 * An event loop's own: what it waits for its sockets, its tasks, and its timers with.
	 */
	private static final int FILES_OF_A_LOOP = 3;

	private OpenFiles() {
	}

	/**
	 * Looks whether there may be so many connections on so many event loops.
	 * @throws IllegalArgumentException if not; it says how many
	 */
	static void check(int connections, int loops) {
		if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
			check(connections, loops, system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount());
		}
	}

	static void check(int connections, int loops, long most, long open) {
		Assert.isTrue(connections <= most - open - OTHERS - (long) FILES_OF_A_LOOP * loops,
				() -> "%,d connections on %d event loops are more than the limit of %,d open files allows (ulimit -n)"
					.formatted(connections, loops, most));
	}

}
