package dev.echod;

import java.net.ServerSocket;
import java.util.List;

import dev.echod.testing.EchodProcess;
import dev.echod.transport.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

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

	@Test
	void adminApiReachableWithoutAPassword() throws Exception {
		assertThat(failedStart("--server.address=0.0.0.0", "--server.port=0", "--echod.listeners.echo.port=0"))
			.contains("The admin API is bound to 0.0.0.0, where other machines can reach it")
			.contains("Set echod.admin.operator.password");
	}

	@ParameterizedTest
	@CsvSource({ "echod.listeners.echo.port,70000,echod.listeners[echo].port,must be less than or equal to 65535",
			"echod.listeners.echo.port,http,echod.listeners.echo.port,failed to convert",
			"echod.listeners.echo.prot,1,echod.listeners.echo.prot,prot",
			"echod.transport,tcp,echod.transport,io-uring",
			"echod.listeners.echo.service,http,echod.listeners.echo.framing,The http service and the http framing need each other",
			"echod.listeners.echo.concurrency,fibre,echod.listeners.echo.concurrency,event-loop",
			"echod.listeners.echo.service,relay,echod.listeners.echo.relay,The relay service needs",
			"echod.drain.deadline,-1s,echod.drain.deadline,must be longer than or equal to 0",
			"echod.drain.announce,2d,echod.drain.announce,must be shorter than or equal to 1 day",
			"echod.admin.viewer.name,guest,echod.admin.viewer,echod.admin.viewer.password must be set for the viewer 'guest'",
			"echod.event-loops,-1,echod.eventLoops,must be greater than or equal to 0",
			"echod.listeners.echo.read-buffer,1B,echod.listeners.echo.read-buffer,It must be from 512 bytes to 64MB",
			"echod.listeners.echo.write-buffer-low,1MB,echod.listeners.echo.write-buffer-low,It must not be above echod.listeners.echo.write-buffer-high",
			"echod.listeners.Echo_2.port,0,echod.listeners.Echo_2,A listener's name takes lower-case letters" })
	void invalidProperty(String property, String value, String named, String explanation) throws Exception {
		String output = failedStart("--%s=%s".formatted(property, value));
		assertThat(output).contains("APPLICATION FAILED TO START").contains(named).contains(explanation);
	}

	private static String failedStart(String... arguments) throws Exception {
		try (EchodProcess echod = EchodProcess.start(arguments)) {
			assertThat(echod.awaitExit()).as(echod.output()).isEqualTo(1);
			assertThat(echod.output()).doesNotContain("\tat ").doesNotContain("Exception in thread");
			return echod.output();
		}
	}

}
