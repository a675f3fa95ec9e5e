package dev.echod.listener;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.echod.connection.TcpOptions;
import dev.echod.testing.Needs;
import dev.echod.testing.TestClient;
import dev.echod.transport.Transport;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the system tells of the sockets of each way to serve: {@code ss} of iproute2.
 */
@EnabledOnOs(OS.LINUX)
class TcpOptionsTests {

	/**
	 * The connection's socket on the server's side.
	 */
	private static String socketOf(TestListener server, TestClient client) throws Exception {
		Needs.program("ss");
		assertThat(client.send(new byte[] { 7 }).receive(1)).containsExactly(7);
		Process ss = new ProcessBuilder("ss", "-tnoimeOH", "--tos",
				"sport = :%d and dport = :%d".formatted(server.port(), client.socket().getLocalPort()))
			.redirectErrorStream(true)
			.start();
		String told = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(ss.waitFor(10, TimeUnit.SECONDS)).isTrue();
		return told;
	}

	@ParameterizedTest
	@MethodSource("dev.echod.listener.TestListener#waysToServe")
	void silentPeerIsAskedWithinMinutes(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way); TestClient client = new TestClient(server.port())) {
			assertThat(socketOf(server, client)).containsPattern("timer:\\(keepalive,(4min5|5min)");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "IO_URING", "EPOLL", "NIO" })
	void peerThatVanishesIsNoticedWithinTenMinutes(Transport transport) {
		TcpOptions usual = TcpSettings.of("test", TestListener.bind(), transport);
		TcpOptions.KeepAlive keepAlive = new TcpOptions.KeepAlive(Duration.ofMinutes(5), Duration.ofSeconds(30), 6);
		assertThat(usual.keepAlive()).isEqualTo(keepAlive);
		assertThat(keepAlive.total()).isLessThan(Duration.ofMinutes(10));
		assertThat(usual.userTimeout()).isEqualTo((transport != Transport.NIO) ? keepAlive.total() : Duration.ZERO);
	}

	@ParameterizedTest
	@MethodSource("dev.echod.listener.TestListener#waysToServe")
	void silentPeerIsNotAskedWhereThatIsOff(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "keep-alive.idle=0s");
				TestClient client = new TestClient(server.port())) {
			assertThat(socketOf(server, client)).doesNotContain("keepalive");
		}
	}

	@ParameterizedTest
	@MethodSource("dev.echod.listener.TestListener#waysToServe")
	void buffersAreAsConfigured(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "send-buffer=24KB", "receive-buffer=40KB");
				TestClient client = new TestClient(server.port())) {
			// Linux doubles them: the other half is for what keeping the bytes costs.
			assertThat(socketOf(server, client)).contains("tb49152").contains("rb81920");
		}
	}

	@ParameterizedTest
	@MethodSource("dev.echod.listener.TestListener#waysToServe")
	void trafficClassIsAsConfigured(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "traffic-class=40");
				TestClient client = new TestClient(server.port())) {
			assertThat(socketOf(server, client)).contains("tos:0x28");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "io-uring", "epoll" })
	void segmentsAreNoLongerThanConfigured(String transport) throws Exception {
		try (TestListener server = TestListener.servedBy(transport, "max-segment=1000B");
				TestClient client = new TestClient(server.port())) {
			assertThat(socketOf(server, client)).containsPattern("mss:9[0-9][0-9] ");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "io-uring", "epoll" })
	void clientThatSendsNothingIsNotAcceptedMeanwhile(String transport) throws Exception {
		try (TestListener server = TestListener.servedBy(transport, "defer-accept=30s");
				TestClient silent = new TestClient(server.port());
				TestClient client = new TestClient(server.port())) {
			assertThat(client.send(new byte[] { 7 }).receive(1)).containsExactly(7);
			assertThat(server.registry().connections()).hasSize(1);
			assertThat(silent.send(new byte[] { 8 }).receive(1)).containsExactly(8);
		}
	}

	@ParameterizedTest
	@CsvSource({ "thread, user-timeout=1m", "serial, fast-open=5", "process, defer-accept=5s",
			"selector, max-segment=1000B", "nio, user-timeout=1m", "nio, fast-open=5", "nio, max-segment=1000B",
			"nio, defer-accept=5s", "nio, reuse-port=true", "thread, reuse-port=true", "process, reuse-port=true" })
	void whatIsNotTakenIsRefused(String way, String property) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> TestListener.servedBy(way, property).close())
			.satisfies((ex) -> assertThat(ex.getName())
				.isEqualTo("echod.listeners.test." + property.substring(0, property.indexOf('='))))
			.satisfies((ex) -> assertThat(ex.getReason())
				.startsWith("It is taken by concurrency event-loop on transport io-uring or epoll, not by ")
				.endsWith(way + "."));
	}

}
