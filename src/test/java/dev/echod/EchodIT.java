package dev.echod;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.echod.testing.AdminClient;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.Needs;
import dev.echod.testing.TestClient;
import dev.echod.transport.Transport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged service and its commands, with the clients that people have at hand.
 */
class EchodIT {

	@SuppressWarnings("NullAway.Init")
	private static EchodProcess echod;

	@BeforeAll
	static void start() {
		echod = EchodProcess.service();
	}

	@AfterAll
	static void stop() {
		echod.close();
	}

	@Test
	void startIsLoggedWithAddressRealPortTransportFramingAndService() {
		assertThat(echod.output()).containsPattern("Listener 'echo' accepts connections on 0\\.0\\.0\\.0 port "
				+ "[1-9]\\d* \\(transport (io-uring|epoll|kqueue|nio), framing stream, service echo\\)");
		assertThat(echod.output()).doesNotContain(" WARN ", " ERROR ", "WARNING");
	}

	/**
	 * Nothing else, and nothing twice. The start is over a moment after it is logged.
	 */
	@Test
	void logOfStartAndStopIsWhatAPersonNeeds() throws Exception {
		try (EchodProcess other = EchodProcess.administered()) {
			other.terminate();
			assertThat(other.awaitExit()).as(other.output()).isZero();
			assertLines(other, "Starting AOT-processed EchodApplication v\\S+ using Java .+",
					"Transport [a-z-]+, event loops: \\d+.*", "Listener 'echo' accepts connections on .+",
					"Admin API on 127\\.0\\.0\\.1 port \\d+, path /actuator: "
							+ "users 'operator' and 'viewer' have the configured passwords",
					"Started EchodApplication in .+",
					"SIGTERM(: the service is drained, and ends| during the start: .+)",
					"Drain: new clients are refused, 0 connections are open", "Drain CLEAN after .+",
					"The service has ended, exit code 0, drain CLEAN");
		}
	}

	@Tag("long")
	@Test
	void logTellsWhyBetterTransportsAreNotUsedAndWhatIsAskedForByItsLevel() throws Exception {
		try (EchodProcess other = EchodProcess.serviceWithFlags(List.of("-Dio.netty.transport.noNative=true"), 0, 0,
				"--logging.level.dev.echod.gateway=debug", "--management.server.port=0",
				"--management.server.address=127.0.0.1")) {
			assertThat(other.output())
				.containsPattern("Transport nio, event loops: \\d+; better ones do not work here: "
						+ "io-uring \\(.*noNative.*\\), epoll \\(.*noNative.*\\), kqueue \\(.+\\)\\n");
			assertThat(other.output()).contains("started bean 'echo.gateway'");
			assertThat(other.output()).containsOnlyOnce("Admin API on 127.0.0.1 port ");
			try (AdminClient admin = new AdminClient(other.adminPort())) {
				assertThat(admin.call(AdminClient.NOBODY, "GET", "health", "").statusCode()).isEqualTo(200);
			}
		}
	}

	/**
	 * The log's messages, without what comes before each.
	 */
	private static void assertLines(EchodProcess echod, String... patterns) {
		List<String> messages = echod.output().lines().map((line) -> line.replaceFirst("^.*?] \\S+ +: ", "")).toList();
		assertThat(messages).as(echod.output()).hasSameSizeAs(patterns);
		for (int i = 0; i < patterns.length; i++) {
			assertThat(messages.get(i)).matches(patterns[i]);
		}
	}

	@Test
	void readyWhenItAcceptsConnections() throws Exception {
		HttpResponse<String> readiness = get("/actuator/health/readiness");
		assertThat(readiness.statusCode()).isEqualTo(200);
		assertThat(readiness.body()).isEqualTo("{\"status\":\"UP\"}");
	}

	private static HttpResponse<String> get(String path) throws Exception {
		try (HttpClient client = HttpClient.newHttpClient()) {
			return client.send(
					HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + echod.adminPort() + path)).build(),
					HttpResponse.BodyHandlers.ofString());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "nc -N 127.0.0.1 %d", "ncat 127.0.0.1 %d", "socat -t 10 - TCP:127.0.0.1:%d" })
	void realClientGetsBackWhatItSent(String command) throws Exception {
		byte[] sent = TestClient.randomBytes(1, 3_000_000);
		Process client = startClient(command.formatted(echod.port()));
		Thread sender = Thread.startVirtualThread(() -> {
			try (var out = client.getOutputStream()) {
				out.write(sent);
			}
			catch (java.io.IOException ex) {
				throw new java.io.UncheckedIOException(ex);
			}
		});
		TestClient.assertSame(client.getInputStream().readAllBytes(), sent);
		sender.join();
		assertThat(client.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(client.exitValue()).isZero();
	}

	@Test
	void linesTypedInTelnetComeBackOneByOne() throws Exception {
		Process telnet = startClient("telnet 127.0.0.1 " + echod.port());
		try (var keyboard = telnet.outputWriter(StandardCharsets.US_ASCII);
				var screen = telnet.inputReader(StandardCharsets.US_ASCII)) {
			for (String line = screen.readLine(); !line.startsWith("Escape character"); line = screen.readLine()) {
				assertThat(line).isNotNull();
			}
			for (String line : List.of("hello", "", "is anybody there?")) {
				keyboard.write(line + "\n");
				keyboard.flush();
				assertThat(screen.readLine()).isEqualTo(line);
			}
		}
		finally {
			telnet.destroy();
			telnet.waitFor();
		}
	}

	private static Process startClient(String command) throws Exception {
		Needs.program(command.substring(0, command.indexOf(' ')));
		return new ProcessBuilder(command.split(" ")).start();
	}

	@Test
	void probeCommandReportsRoundTrips() throws Exception {
		try (EchodProcess probe = EchodProcess.start("probe", "127.0.0.1:" + echod.port(), "--count", "3", "--payload",
				"0123456789")) {
			assertThat(probe.awaitExit()).as(probe.output()).isZero();
			assertThat(probe.output()).matches(
					"127\\.0\\.0\\.1:%d echoed 3 x 10 bytes, round trip min \\S+ ms, median \\S+ ms, max \\S+ ms\\n"
						.formatted(echod.port()));
		}
	}

	@Test
	void failedCommandSaysWhyInOneLine() throws Exception {
		try (EchodProcess probe = EchodProcess.start("probe", "127.0.0.1:1")) {
			assertThat(probe.awaitExit()).isEqualTo(1);
			assertThat(probe.output()).hasLineCount(1).matches("(?s).{20,}\n");
		}
	}

	static List<Transport> transports() {
		return Transport.available();
	}

	@Tag("long")
	@ParameterizedTest
	@MethodSource("transports")
	void fileLimitReachedStopsNeitherTheListenerNorItsConnections(Transport transport) throws Exception {
		try (EchodProcess limited = EchodProcess.serviceWithFileLimit(200, "--echod.transport=" + transport)) {
			List<TestClient> clients = new ArrayList<>();
			while (!limited.output().contains("cannot accept connections for now")) {
				clients.add(new TestClient(limited.port()));
			}
			clients.getFirst().send(new byte[] { 1 });
			assertThat(clients.getFirst().receive(1)).containsExactly(1);
			for (int i = 0; i < 1_000; i++) {
				assertThat(clients.getFirst().send(new byte[] { 2 }).receive(1)).containsExactly(2);
			}
			limited.awaitQuietProcessor();

			TestClient waiting = clients.getLast();
			for (TestClient client : clients.subList(1, clients.size() - 1)) {
				client.close();
			}
			assertThat(waiting.send(new byte[] { 3 }).receive(1)).containsExactly(3);
			await().until(() -> limited.output().contains("accepts connections again"));
			assertThat(limited.output()).doesNotContain("\tat ");
			try (AdminClient admin = new AdminClient(limited.adminPort())) {
				assertThat(admin.meter("echod_accept_errors_total{listener=\"echo\"}")).isPositive();
			}
			clients.getFirst().close();
			waiting.close();
		}
	}

}
