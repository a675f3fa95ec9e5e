package dev.echod;

import java.net.ServerSocket;

import dev.echod.testing.EchodProcess;
import dev.echod.transport.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A start that cannot succeed says why and what to do, without a stack trace, and exits
 * with 1.
 */
class StartFailureIT {

	@Test
	void portInUse() throws Exception {
		try (ServerSocket taken = new ServerSocket(0)) {
			String output = failedStart("--server.port=0", "--echod.listeners.echo.port=" + taken.getLocalPort());
			assertThat(output).contains("APPLICATION FAILED TO START")
				.contains("Listener 'echo' cannot listen on 0.0.0.0 port %d".formatted(taken.getLocalPort()))
				.contains("Address already in use")
				.contains("set echod.listeners.echo.port to a free port");
		}
	}

	@Test
	void addressOfAnotherMachine() throws Exception {
		assertThat(failedStart("--server.port=0", "--echod.listeners.echo.port=0",
				"--echod.listeners.echo.address=192.0.2.1"))
			.contains("Listener 'echo' cannot listen on 192.0.2.1 port 0")
			.contains("Set echod.listeners.echo.address to an address of this machine");
	}

	@ParameterizedTest
	@ValueSource(strings = { "event-loop", "thread", "selector", "process" })
	void addressOfIpv6WhereThereIsNone(String concurrency) throws Exception {
		try (EchodProcess echod = EchodProcess.startWithFlag("-Djava.net.preferIPv4Stack=true", "--server.port=0",
				"--echod.listeners.echo.port=0", "--echod.listeners.echo.address=::",
				"--echod.listeners.echo.concurrency=" + concurrency)) {
			assertThat(failure(echod)).contains("Listener 'echo' cannot listen on 0:0:0:0:0:0:0:0 port 0")
				.contains("IPv6 is not available here")
				.contains("Set echod.listeners.echo.address to 0.0.0.0");
		}
	}

	@Test
	void transportThatThisMachineLacks() throws Exception {
		Transport missing = Transport.available().contains(Transport.KQUEUE) ? Transport.EPOLL : Transport.KQUEUE;
		assertThat(failedStart("--server.port=0", "--echod.listeners.echo.port=0", "--echod.transport=" + missing))
			.contains("The transport '%s' does not work on this machine".formatted(missing))
			.contains("Set echod.transport to 'auto'");
	}

	/**
	 * Nobody is connected yet, so that nobody loses anything.
	 */
	@Test
	void signalDuringTheStartIsNoFailure() throws Exception {
		try (EchodProcess echod = EchodProcess.start("--echod.listeners.echo.port=0", "--server.port=0")) {
			await().atMost(EchodProcess.START_TIMEOUT)
				.until(() -> echod.output().contains("Starting EchodApplication"));
			echod.terminate();
			assertThat(echod.awaitExit()).as(echod.output()).isZero();
		}
	}

	@Test
	void adminApiReachableWithoutAPassword() throws Exception {
		assertThat(failedStart("--server.address=0.0.0.0", "--server.port=0", "--echod.listeners.echo.port=0"))
			.contains("The admin API is bound to 0.0.0.0, where other machines can reach it")
			.contains("Set echod.admin.operator.password");
	}

	@Test
	void adminApiOnAPortOfItsOwnReachableWithoutAPassword() throws Exception {
		assertThat(failedStart("--management.server.port=0", "--server.port=0", "--echod.listeners.echo.port=0"))
			.contains("The admin API is bound to 127.0.0.1 and all addresses, where other machines can reach it")
			.contains("management.server.address: 127.0.0.1");
	}

	@ParameterizedTest
	@CsvSource({ "192.0.2.1,127.0.0.1", "127.0.0.1,192.0.2.1" })
	void adminApiOnAnAddressOfAnotherMachine(String server, String management) throws Exception {
		assertThat(failedStart("--server.port=0", "--server.address=" + server, "--management.server.port=0",
				"--management.server.address=" + management, "--echod.admin.operator.password=secret",
				"--echod.listeners.echo.port=0"))
			.contains("The admin API cannot listen on 192.0.2.1 port 0")
			.contains("Cannot assign requested address")
			.contains("Set server.address to an address of this machine");
	}

	private static String failedStart(String... arguments) throws Exception {
		try (EchodProcess echod = EchodProcess.start(arguments)) {
			return failure(echod);
		}
	}

	private static String failure(EchodProcess echod) throws Exception {
		assertThat(echod.awaitExit()).as(echod.output()).isEqualTo(1);
		assertThat(echod.output()).doesNotContain("\tat ").doesNotContain("Exception in thread");
		return echod.output();
	}

}
