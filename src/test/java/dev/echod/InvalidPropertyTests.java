package dev.echod;

import java.util.ArrayList;
import java.util.List;

import dev.echod.transport.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Properties that stop the start, which says why.
 */
@ExtendWith(OutputCaptureExtension.class)
class InvalidPropertyTests {

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
			"echod.closed-connections.count,100001,echod.closedConnections.count,must be less than or equal to 100000",
			"echod.closed-connections.age,60,echod.closed-connections.age,It takes a time with its unit",
			"echod.admin.viewer.name,guest,echod.admin.viewer,echod.admin.viewer.password must be set for the viewer 'guest'",
			"echod.drain.deadline,30,echod.drain.deadline,'It takes a time with its unit, such as 90s, 500ms or PT1M30S'",
			"echod.listeners.echo.limits.write-stall,60,echod.listeners.echo.limits.write-stall,It takes a time with its unit",
			"echod.listeners.echo.relay.timeout,1000,echod.listeners.echo.relay.timeout,It takes a time with its unit",
			"echod.admin.operator.password,{bcrypt}secret,echod.admin.operator.password,no bcrypt hash follows",
			"echod.admin.operator.name,'',echod.admin.operator.name,must not be empty",
			"echod.event-loops,-1,echod.eventLoops,must be greater than or equal to 0",
			"echod.listeners.echo.read-buffer,1B,echod.listeners.echo.read-buffer,It must be from 512 bytes to 64MB",
			"echod.listeners.echo.write-buffer-low,1MB,echod.listeners.echo.write-buffer-low,It must not be above echod.listeners.echo.write-buffer-high",
			"echod.listeners.echo.access.allow,10/8,echod.listeners.echo.access.allow,is not an address or a range such as 10.0.0.0/8",
			"echod.listeners.echo.access.deny[0],localhost,echod.listeners.echo.access.deny[0],is not an address or a range",
			"echod.listeners.echo.proxy-protocol.mode,required,echod.listeners.echo.proxy-protocol.trusted,It needs the ranges of addresses",
			"echod.listeners.echo.proxy-protocol.mode,on,echod.listeners.echo.proxy-protocol.mode,optional",
			"echod.listeners.echo.tls.bundle,web,echod.listeners.echo.tls.bundle,There is no such SSL bundle. Under spring.ssl.bundle there is: none.",
			"spring.ssl.bundle.pem.other.truststore.certificate,/nowhere.crt,Invalid value 'other' for configuration property 'spring.ssl.bundle',This SSL bundle cannot be used: /nowhere.crt",
			"echod.listeners.echo.tls.client-auth,need,echod.listeners.echo.tls.client-auth,It needs echod.listeners.echo.tls.bundle",
			"echod.listeners.echo.tls.server-names.a.example.org,web,echod.listeners.echo.tls.server-names,It needs echod.listeners.echo.tls.bundle",
			"echod.listeners.echo.relay.tls.bundle,web,echod.listeners.echo.relay.tls.bundle,There is no such SSL bundle",
			"echod.listeners.echo.limits.connections,-1,echod.listeners[echo].limits.connections,must be greater than or equal to 0",
			"echod.listeners.echo.limits.accepts-per-second,2000000,limits.acceptsPerSecond,must be less than or equal to 1000000",
			"echod.listeners.echo.keep-alive.idle,500ms,echod.listeners.echo.keep-alive.idle,'It must be whole seconds, from 1 to 32400'",
			"echod.listeners.echo.keep-alive.count,0,echod.listeners[echo].keepAlive.count,must be greater than or equal to 1",
			"echod.listeners.echo.user-timeout,500ms,echod.listeners.echo.user-timeout,It must be from 1 second to 1 day",
			"echod.listeners.echo.max-segment,10B,echod.listeners.echo.max-segment,It must be from 88 to 32767 bytes",
			"echod.listeners.echo.receive-buffer,1B,echod.listeners.echo.receive-buffer,It must be from 4096 to 67108864 bytes",
			"echod.listeners.echo.traffic-class,256,echod.listeners[echo].trafficClass,must be less than or equal to 255",
			"echod.listeners.echo.limits.read-bytes-per-second,1000B,echod.listeners.echo.limits.read-bytes-per-second,It must be from 1KB to 10GB",
			"echod.listeners.echo.limits.idle,60,echod.listeners.echo.limits.idle,It takes a time with its unit",
			"echod.listeners.echo.limits.max-age,31d,limits.maxAge,must be shorter than or equal to 30 days",
			"echod.listeners.echo.limits.conections,5,echod.listeners.echo.limits.conections,conections",
			"echod.listeners.Echo_2.port,0,echod.listeners.Echo_2,A listener's name takes lower-case letters" })
	void invalidProperty(String property, String value, String named, String explanation, CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("--%s=%s".formatted(property, value)));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(named)
			.contains(explanation)
			.doesNotContain("\tat ");
	}

	@Test
	void timeWithoutAUnitBehindAPlaceholder(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("--echod.drain.deadline=${of.a.test}", "--of.a.test=30"));
		assertThat(output).contains("echod.drain.deadline", "It takes a time with its unit");
	}

	@Test
	void viewerNamedAsTheOperator(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> start("--echod.admin.viewer.name=operator", "--echod.admin.viewer.password=p4ss"));
		assertThat(output).contains("echod.admin.viewer.name must not be the operator's, 'operator'")
			.doesNotContain("p4ss");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = {
			"--echod.listeners.echo.address=192.0.2.1;Listener 'echo' cannot listen on 192.0.2.1 port 0;Set echod.listeners.echo.address to an address of this machine",
			"--server.address=0.0.0.0;The admin API is bound to 0.0.0.0, where other machines can reach it;Set echod.admin.operator.password",
			"--management.server.port=0;The admin API is bound to 127.0.0.1 and all addresses, where other machines can reach it;management.server.address: 127.0.0.1" })
	void placeThatCannotBeListenedAt(String argument, String what, String whatToDo, CapturedOutput output) {
		assertFails(output, what, whatToDo, argument);
	}

	@ParameterizedTest
	@CsvSource({ "192.0.2.1,127.0.0.1", "127.0.0.1,192.0.2.1" })
	void adminApiOnAnAddressOfAnotherMachine(String server, String management, CapturedOutput output) {
		assertFails(output, "The admin API cannot listen on 192.0.2.1 port 0",
				"Set server.address to an address of this machine", "--server.address=" + server,
				"--management.server.port=0", "--management.server.address=" + management,
				"--echod.admin.operator.password=secret");
		assertThat(output).contains("Cannot assign requested address");
	}

	@Test
	void transportThatThisMachineLacks(CapturedOutput output) {
		Transport missing = Transport.available().contains(Transport.KQUEUE) ? Transport.EPOLL : Transport.KQUEUE;
		assertFails(output, "The transport '%s' does not work on this machine".formatted(missing),
				"Set echod.transport to 'auto'", "--echod.transport=" + missing);
	}

	private static void assertFails(CapturedOutput output, String what, String whatToDo, String... arguments) {
		List<String> all = new ArrayList<>(List.of("--server.port=0", "--echod.listeners.echo.port=0"));
		all.addAll(List.of(arguments));
		assertThatException().isThrownBy(() -> start(all.toArray(String[]::new)));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(what)
			.contains(whatToDo)
			.doesNotContain("\tat ");
	}

	private static void start(String... arguments) {
		SpringApplication.run(EchodApplication.class, arguments).close();
	}

}
