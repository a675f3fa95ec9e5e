package dev.echod.training;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import dev.echod.EchodApplication;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.ConnectionTotals;
import dev.echod.drain.Drain;
import dev.echod.drain.DrainOutcome;
import dev.echod.listener.Listener;
import dev.echod.listener.Listeners;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.ContextClosedEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The command {@code train}, in short.
 */
@ExtendWith(OutputCaptureExtension.class)
class TrainCommandTests {

	private static final Duration SHORT = Duration.ofMillis(100);

	private final Map<String, ConnectionTotals> totals = new TreeMap<>();

	private @Nullable DrainOutcome outcome;

	private int port;

	@Test
	@Tag("long")
	void eachListenerServesWhateverIsConfiguredAndTheServiceIsDrainedAndGone(CapturedOutput output,
			@TempDir Path folder) throws IOException {
		Files.writeString(folder.resolve("application.yml"),
				"echod.listeners: { echo: { enabled: false, framing: lf }, other: { port: 0 } }");
		System.setProperty("spring.config.location", folder.toUri().toString());
		try {
			assertThat(train(EchodApplication.class)).as(output.getAll()).isZero();
		}
		finally {
			System.clearProperty("spring.config.location");
		}
		assertThat(output.getOut()).containsPattern("trained for \\d+\\.\\d s");
		assertThat(this.totals).containsOnlyKeys("echo", "lf", "crlf", "length-1", "length-2", "length-4", "stx-etx",
				"discard", "chat", "http", "relay", "thread", "serial", "selector", "proxied", "secured");
		assertThat(this.totals).allSatisfy((listener, total) -> {
			assertThat(total.closed()).isGreaterThan(4);
			assertThat(total.messages()).isPositive();
		});
		assertThat(this.outcome).isEqualTo(DrainOutcome.CLEAN);
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
				socket.getOutputStream().write(1);
			}
		});
	}

	@Test
	void serviceThatDoesNotStartIsOneSentence(CapturedOutput output) {
		assertThat(train(Object.class)).isOne();
		assertThat(output.getErr().lines().filter((line) -> line.startsWith("train failed: "))).hasSize(1);
	}

	@Test
	void folderThatCannotBeMadeIsOneSentence(CapturedOutput output) {
		String before = System.setProperty("java.io.tmpdir", "/no/such/folder");
		try {
			assertThat(train(EchodApplication.class)).isOne();
		}
		finally {
			System.setProperty("java.io.tmpdir", before);
		}
		assertThat(output.getErr())
			.isEqualToIgnoringNewLines("train failed: no folder can be made in /no/such/folder (java.io.tmpdir)");
	}

	@Test
	void certificateIsMadeWithoutTheFlagsOfThisProcess(@TempDir Path folder) throws IOException {
		Certificate certificate = Certificate.make(folder);
		assertThat(certificate.store()).isRegularFile();
		assertThat(certificate.sockets()).isNotNull();
		try (var files = Files.list(folder)) {
			assertThat(files).containsExactly(certificate.store());
		}
	}

	private int train(Class<?> application) {
		return new CommandLine(new TrainCommand(() -> {
			SpringApplication service = new SpringApplication(application);
			service.addListeners((ContextClosedEvent event) -> note(event));
			return service;
		}, SHORT)).execute();
	}

	/**
	 * Before anything is stopped, and after the drain.
	 */
	private void note(ContextClosedEvent event) {
		if (event.getApplicationContext().getBeansOfType(Listeners.class).isEmpty()) {
			return;
		}
		ConnectionRegistry registry = event.getApplicationContext().getBean(ConnectionRegistry.class);
		for (Listener listener : event.getApplicationContext().getBean(Listeners.class).all()) {
			this.totals.put(listener.name(), registry.totals(listener.name()));
			this.port = listener.address().getPort();
		}
		this.outcome = event.getApplicationContext().getBean(Drain.class).status().outcome();
	}

}
