package dev.echod;

import java.net.ServerSocket;
import java.util.List;

import dev.echod.testing.EchodProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A packaged start that cannot succeed says why and what to do, without a stack trace,
 * and exits with 1.
 */
class StartFailureIT {

	@Test
	void portInUse() throws Exception {
		try (ServerSocket taken = new ServerSocket(0);
				EchodProcess echod = EchodProcess.start("--server.port=0",
						"--echod.listeners.echo.port=" + taken.getLocalPort())) {
			assertThat(failure(echod)).contains("APPLICATION FAILED TO START")
				.contains("Listener 'echo' cannot listen on 0.0.0.0 port %d".formatted(taken.getLocalPort()))
				.contains("Address already in use")
				.contains("set echod.listeners.echo.port to a free port");
		}
	}

	@Tag("long")
	@ParameterizedTest
	@ValueSource(strings = { "event-loop", "thread", "selector", "process" })
	void addressOfIpv6WhereThereIsNone(String concurrency) throws Exception {
		try (EchodProcess echod = EchodProcess.startWithFlags(List.of("-Djava.net.preferIPv4Stack=true"),
				"--server.port=0", "--echod.listeners.echo.port=0", "--echod.listeners.echo.address=::",
				"--echod.listeners.echo.concurrency=" + concurrency)) {
			assertThat(failure(echod)).contains("Listener 'echo' cannot listen on 0:0:0:0:0:0:0:0 port 0")
				.contains("IPv6 is not available here")
				.contains("Set echod.listeners.echo.address to 0.0.0.0");
		}
	}

	/**
	 * Nobody is connected yet, so that nobody loses anything.
	 */
	@Test
	void signalDuringTheStartIsNoFailure() throws Exception {
		try (EchodProcess echod = EchodProcess.start("--echod.listeners.echo.port=0", "--server.port=0")) {
			await().atMost(EchodProcess.START_TIMEOUT)
				.until(() -> echod.output().contains("Starting AOT-processed EchodApplication"));
			echod.terminate();
			assertThat(echod.awaitExit()).as(echod.output()).isZero();
		}
	}

	private static String failure(EchodProcess echod) throws Exception {
		assertThat(echod.awaitExit()).as(echod.output()).isEqualTo(1);
		assertThat(echod.output()).doesNotContain("\tat ").doesNotContain("Exception in thread");
		return echod.output();
	}

}
