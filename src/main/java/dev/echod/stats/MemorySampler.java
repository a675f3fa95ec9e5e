package dev.echod.stats;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.echod.transport.EventLoops;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how much memory the process takes.
 */
final class MemorySampler {

	/**
	 * Linux, and nobody else, has it.
	 */
	private static final Path STATUS = Path.of("/proc/self/status");

	private static final String RESIDENT = "VmRSS:";

	private static final long KIB = 1024;

	private final MemoryMXBean heap = ManagementFactory.getMemoryMXBean();

	private final EventLoops eventLoops;

	private final boolean tellsResident = Files.isReadable(STATUS);

	MemorySampler(EventLoops eventLoops) {
		this.eventLoops = eventLoops;
	}

	Sample.Memory sample() {
		MemoryUsage usage = this.heap.getHeapMemoryUsage();
		return new Sample.Memory(usage.getUsed(), (usage.getMax() >= 0) ? usage.getMax() : null,
				this.eventLoops.bufferMemory(), this.tellsResident ? resident() : null);
	}

	private static @Nullable Long resident() {
		try {
			for (String line : Files.readAllLines(STATUS)) {
				if (line.startsWith(RESIDENT)) {
					return KIB * Long.parseLong(line.substring(RESIDENT.length(), line.lastIndexOf(' ')).strip());
				}
			}
		}
		catch (IOException | NumberFormatException ex) {
			// No more files may be open: the others are told all the same.
		}
		return null;
	}

}
