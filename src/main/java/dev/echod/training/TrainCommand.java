package dev.echod.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import org.springframework.boot.SpringApplication;
import org.springframework.util.FileSystemUtils;

/**
 * {@code train}: starts the service on free ports of the loopback address, has it do all
 * that it is made for, drains it, and ends with 0. A JVM that is told to write an AOT
 * cache then knows what to load, and what to compile.
 */
@Command(name = "train", mixinStandardHelpOptions = true, exitCodeOnInvalidInput = 1, description = {
		"Starts the service on free ports, has clients use it, and ends.%n",
		"java -XX:AOTCacheOutput=FILE ... train writes an AOT cache: -XX:AOTCache=FILE and otherwise the same flags start the service with it.%n" })
public final class TrainCommand implements Callable<Integer> {

	private static final Duration LONG_ENOUGH = Duration.ofSeconds(6);

	private final Supplier<SpringApplication> service;

	private final Duration load;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	/**
	 * Create the command.
	 * @param service makes the service, which is then started and stopped
	 */
	public TrainCommand(Supplier<SpringApplication> service) {
		this(service, LONG_ENOUGH);
	}

	/**
	 * Create the command.
	 * @param load how long the echo listener is loaded, and as long stormed
	 */
	TrainCommand(Supplier<SpringApplication> service, Duration load) {
		this.service = service;
		this.load = load;
	}

	@Override
	public Integer call() {
		long began = System.nanoTime();
		try {
			Path folder = newFolder();
			try {
				train(folder);
			}
			finally {
				FileSystemUtils.deleteRecursively(folder);
			}
			this.spec.commandLine().getOut().printf("trained for %.1f s%n", (System.nanoTime() - began) / 1e9);
			return 0;
		}
		catch (IOException | RuntimeException ex) {
			this.spec.commandLine().getErr().printf("train failed: %s%n", ex.getMessage());
			return 1;
		}
	}

	private static Path newFolder() throws IOException {
		String parent = System.getProperty("java.io.tmpdir");
		try {
			return Files.createTempDirectory(Path.of(parent), "echod-train");
		}
		catch (IOException ex) {
			throw new IOException("no folder can be made in %s (java.io.tmpdir)".formatted(parent), ex);
		}
	}

	private void train(Path folder) throws IOException {
		Certificate certificate = Certificate.make(folder);
		try (TrainedService started = TrainedService.start(this.service.get(), certificate)) {
			new Lessons(started, certificate).giveAll(this.load);
		}
	}

}
