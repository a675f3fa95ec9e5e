package dev.echod.hostile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a Java process holds, as the system and its own diagnostic commands tell it.
 *
 * @param liveHeap bytes that a full collection left
 * @param virtualThreads virtual threads that are alive
 * @param largest the classes that take most of the heap
 */
record Footprint(long liveHeap, long virtualThreads, String largest) {

	private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

	private static final Pattern VIRTUAL_THREADS = Pattern
		.compile("(?m)^ *\\d+: +(\\d+) .* java\\.lang\\.VirtualThread ");

	/**
	 * Threads that Java keeps for a minute, or as many as it sees fit.
	 */
	private static final List<String> JAVAS_OWN = List.of("process reaper", "ForkJoinPool", "C1 Compiler",
			"C2 Compiler", "VirtualThread", "Attach Listener", "GC ");

	/**
	 * Collects the garbage of the process and looks at what is left.
	 */
	static Footprint of(Process process) throws IOException {
		String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
		Process command = new ProcessBuilder(jcmd, String.valueOf(process.pid()), "GC.class_histogram")
			.redirectErrorStream(true)
			.start();
		String histogram = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		Matcher total = TOTAL.matcher(histogram);
		if (!total.find()) {
			throw new IOException("The process does not tell: " + histogram);
		}
		Matcher virtual = VIRTUAL_THREADS.matcher(histogram);
		long virtualThreads = virtual.find() ? Long.parseLong(virtual.group(1)) : 0;
		return new Footprint(Long.parseLong(total.group(1)), virtualThreads,
				String.join("\n", histogram.lines().limit(10).toList()));
	}

	/**
	 * The names of the process's threads, without those that Java keeps at its own
	 * discretion.
	 */
	static List<String> threads(Process process) throws IOException {
		List<String> names = new ArrayList<>();
		try (Stream<Path> tasks = Files.list(of(process, "task"))) {
			for (Path task : tasks.toList()) {
				String name = name(task);
				if (JAVAS_OWN.stream().noneMatch(name::startsWith)) {
					names.add(name);
				}
			}
		}
		return names;
	}

	private static String name(Path task) throws IOException {
		try {
			return Files.readString(task.resolve("comm")).strip();
		}
		catch (NoSuchFileException ex) {
			return "GC of a thread that has ended";
		}
	}

	static long openFiles(Process process) throws IOException {
		try (Stream<Path> files = Files.list(of(process, "fd"))) {
			return files.count();
		}
	}

	private static Path of(Process process, String what) {
		return Path.of("/proc/%d/%s".formatted(process.pid(), what));
	}

}
