package dev.echod.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SequencedMap;
import java.util.stream.Stream;

import io.netty.util.Version;

import org.springframework.boot.SpringBootVersion;
import org.springframework.integration.dsl.IntegrationFlow;

/**
 * Where it was measured, and of what version everything was.
 */
final class Machine {

	static final String COMPILER = "cc";

	private Machine() {
	}

	/**
	 * All that is known, by its name.
	 */
	static SequencedMap<String, String> facts() {
		SequencedMap<String, String> facts = new LinkedHashMap<>();
		facts.put("processor", first("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")));
		facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
		first("/proc/meminfo", "MemTotal")
			.ifPresent((memory) -> facts.put("memory", Long.parseLong(memory.replaceAll("\\D", "")) / 1024 + " MB"));
		facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
		lines("/proc/loadavg").findFirst().ifPresent((load) -> facts.put("load average at the start", load));
		facts.put("Java", "%s (%s)".formatted(System.getProperty("java.runtime.version"),
				System.getProperty("java.vendor.version", System.getProperty("java.vendor"))));
		facts.put("JVM flags", System.getProperty("echod.jvm-flags"));
		compiler().ifPresent((version) -> facts.put("C", version + ", -O2"));
		facts.put("echod", built());
		facts.put("Spring Boot", SpringBootVersion.getVersion());
		facts.put("Spring Integration", String.valueOf(IntegrationFlow.class.getPackage().getImplementationVersion()));
		facts.put("Netty", Version.identify().values().iterator().next().artifactVersion());
		return facts;
	}

	/**
	 * The version of the C compiler; empty when there is none.
	 */
	static Optional<String> compiler() {
		try {
			Process process = new ProcessBuilder(COMPILER, "--version").redirectErrorStream(true).start();
			List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
				.toList();
			return (process.waitFor() == 0) ? lines.stream().findFirst() : Optional.empty();
		}
		catch (IOException ex) {
			return Optional.empty();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Optional.empty();
		}
	}

	private static String built() {
		Map<Object, Object> git = properties("/git.properties");
		String version = String.valueOf(properties("/META-INF/build-info.properties").get("build.version"));
		return git.isEmpty() ? version : version + ", commit " + git.get("git.commit.id");
	}

	private static Map<Object, Object> properties(String resource) {
		Properties properties = new Properties();
		try (InputStream input = Machine.class.getResourceAsStream(resource)) {
			if (input != null) {
				properties.load(input);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return properties;
	}

	private static Optional<String> first(String file, String name) {
		return lines(file).filter((line) -> line.startsWith(name))
			.map((line) -> line.substring(line.indexOf(':') + 1).strip())
			.findFirst();
	}

	private static Stream<String> lines(String file) {
		Path path = Path.of(file);
		try {
			return Files.isReadable(path) ? Files.readAllLines(path).stream() : Stream.empty();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
