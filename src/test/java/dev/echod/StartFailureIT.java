package dev.echod;

import java.net.ServerSocket;
import java.util.List;

import dev.echod.testing.EchodProcess;
import dev.echod.transport.Transport;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * A start that cannot succeed says why and what to do, without a stack trace, and exits
 * with 1.
 */
class StartFailureIT {

	@Test
	void portInUse() throws Exception {
		try (ServerSocket taken = new ServerSocket(0)) {
			String output = failedStart("--echod.listeners.echo.port=" + taken.getLocalPort());
			assertThat(output).contains("APPLICATION FAILED TO START")
				.contains("Listener 'echo' cannot listen on 0.0.0.0 port %d".formatted(taken.getLocalPort()))
				.contains("Address already in use")
				.contains("set echod.listeners.echo.port to a free port");
		}
	}

	@Test
	void addressOfAnotherMachine() throws Exception {
		assertThat(failedStart("--echod.listeners.echo.port=0", "--echod.listeners.echo.address=192.0.2.1"))
			.contains("Listener 'echo' cannot listen on 192.0.2.1 port 0")
			.contains("Set echod.listeners.echo.address to an address of this machine");
	}

	@Test
	void transportThatThisMachineLacks() throws Exception {
		List<Transport> available = Transport.available();
		Transport missing = available.contains(Transport.KQUEUE) ? Transport.EPOLL : Transport.KQUEUE;
		assumeThat(available).doesNotContain(missing);
		assertThat(failedStart("--echod.transport=" + missing))
			.contains("The transport '%s' does not work on this machine".formatted(missing))
			.contains("Set echod.transport to 'auto'");
	}

	/**
	 * Nobody is connected yet, so that nobody loses anything.
	 */
	@Test
	void signalDuringTheStartIsNoFailure() throws Exception {
		try (EchodProcess echod = EchodProcess.start("--echod.listeners.echo.port=0", "--server.port=0")) {
			await().until(() -> echod.output().contains("Starting EchodApplication"));
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

	private static String failedStart(String... arguments) throws Exception {
		try (EchodProcess echod = EchodProcess.start(arguments)) {
			assertThat(echod.awaitExit()).as(echod.output()).isEqualTo(1);
			assertThat(echod.output()).doesNotContain("\tat ").doesNotContain("Exception in thread");
			return echod.output();
		}
	}

}
