package dev.echod.metrics;

import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.echod.EchodApplication;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.drain.DrainOutcome;
import dev.echod.drain.DrainState;
import dev.echod.listener.Listener;
import dev.echod.listener.ListenerState;
import dev.echod.listener.Listeners;
import dev.echod.testing.AdminClient;
import dev.echod.testing.Chart;
import dev.echod.testing.LogCapture;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import dev.echod.transport.EventLoops;
import dev.echod.transport.NettyServerConnectionFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the meters of a service in this JVM tell, as Prometheus reads them.
 */
@SpringBootTest(classes = EchodApplication.class, webEnvironment = WebEnvironment.DEFINED_PORT,
		properties = { "server.port=0", "echod.listeners.echo.port=0", "echod.listeners.second.port=0",
				"echod.listeners.secured.port=0", "echod.listeners.secured.tls.bundle=web",
				"echod.listeners.secured-too.port=0", "echod.listeners.secured-too.tls.bundle=web",
				"echod.admin.operator.password=secret", "echod.admin.viewer.name=viewer",
				"echod.admin.viewer.password=look" })
class MetersTests {

	private static final Pattern TAG = Pattern.compile("(\\w+)=\"([^\"]*)\"");

	@Autowired
	private Listeners listeners;

	@Autowired
	private ConnectionRegistry connections;

	@Autowired
	private EventLoops eventLoops;

	@Autowired
	private TlsMeters tlsMeters;

	@Autowired
	private AutowireCapableBeanFactory beanFactory;

	@Value("${local.server.port}")
	private int adminPort;

	@SuppressWarnings("NullAway.Init")
	private AdminClient admin;

	@DynamicPropertySource
	static void bundle(DynamicPropertyRegistry registry) {
		X509Bundle certificate = TestCertificates.authority("authority").server("localhost");
		registry.add("spring.ssl.bundle.pem.web.keystore.certificate", certificate::getCertificatePathPEM);
		registry.add("spring.ssl.bundle.pem.web.keystore.private-key", certificate::getPrivateKeyPEM);
	}

	@BeforeEach
	void connect() {
		this.admin = new AdminClient(this.adminPort);
	}

	@AfterEach
	void disconnect() {
		this.admin.close();
	}

	private Listener second() {
		return Objects.requireNonNull(this.listeners.named("second"));
	}

	private TestClient connected() throws IOException {
		TestClient client = new TestClient(second().address().getPort());
		assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
		return client;
	}

	private List<String> series(String prefix) throws Exception {
		return this.admin.call(NOBODY, "GET", "prometheus", "")
			.body()
			.lines()
			.filter((line) -> line.startsWith(prefix))
			.toList();
	}

	private void drain(String body) throws Exception {
		assertThat(this.admin.call(OPERATOR, "POST", "drain", body).statusCode()).isEqualTo(202);
	}

	private void serveAgain() throws Exception {
		assertThat(this.admin.call(OPERATOR, "DELETE", "drain", "").statusCode()).isEqualTo(200);
	}

	/**
	 * One state, and no other.
	 */
	private void awaitState(DrainState state) {
		await().untilAsserted(() -> {
			for (DrainState each : DrainState.values()) {
				assertThat(this.admin.meter("echod_drain_state{state=\"%s\"}".formatted(each))).as(each.name())
					.isEqualTo((each == state) ? 1 : 0);
			}
		});
	}

	private Map<DrainOutcome, Double> outcomes() {
		return Arrays.stream(DrainOutcome.values()).collect(Collectors.toMap((outcome) -> outcome, (outcome) -> {
			try {
				return this.admin.meter("echod_drain_outcomes_total{outcome=\"%s\"}".formatted(outcome));
			}
			catch (IOException | InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}));
	}

	@Test
	void eachMeterThatTheChartAsksForIsThere() throws Exception {
		List<String> names = this.admin.call(NOBODY, "GET", "prometheus", "")
			.body()
			.lines()
			.map((line) -> line.replaceAll("[ {].*", ""))
			.toList();
		assertThat(names).containsAll(Chart.render(Chart.EVERYTHING).meters());
	}

	@Test
	void drainIsInOneStateAndItsOutcomeIsCounted() throws Exception {
		Map<DrainOutcome, Double> expected = outcomes();
		awaitState(DrainState.SERVING);
		assertThat(this.admin.meter("echod_drain_time_left_seconds")).isZero();
		assertThat(this.admin.meter("echod_drain_deadline_seconds")).isZero();

		drain("{\"announce\":\"1h\",\"deadline\":\"1h\"}");
		awaitState(DrainState.ANNOUNCED);
		assertThat(this.admin.meter("echod_drain_time_left_seconds")).isBetween(7_000.0, 7_200.0);
		assertThat(this.admin.meter("echod_drain_deadline_seconds")).isEqualTo(3_600);
		serveAgain();
		awaitOneMore(DrainOutcome.CANCELLED, expected);
		assertThat(this.admin.meter("echod_drain_time_left_seconds")).isZero();
		assertThat(this.admin.meter("echod_drain_deadline_seconds")).isZero();

		drain("{\"announce\":\"0s\"}");
		awaitState(DrainState.DRAINED);
		awaitOneMore(DrainOutcome.CLEAN, expected);
		serveAgain();
		awaitState(DrainState.SERVING);

		try (TestClient client = connected()) {
			drain("{\"announce\":\"0s\",\"quiet\":\"1h\",\"deadline\":\"0s\"}");
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::receiveToEnd);
			awaitOneMore(DrainOutcome.FORCED, expected);
		}
		serveAgain();
		awaitState(DrainState.SERVING);
	}

	private void awaitOneMore(DrainOutcome outcome, Map<DrainOutcome, Double> counts) {
		counts.merge(outcome, 1.0, Double::sum);
		await().until(this::outcomes, counts::equals);
	}

	@Test
	void pausedListenerIsSeen() throws Exception {
		assertListenerState(ListenerState.ACCEPTING);
		second().pause();
		try {
			assertListenerState(ListenerState.PAUSED);
		}
		finally {
			second().resume();
		}
		assertListenerState(ListenerState.ACCEPTING);
	}

	private void assertListenerState(ListenerState state) throws Exception {
		for (ListenerState each : ListenerState.values()) {
			assertThat(this.admin.meter("echod_listener_state{listener=\"second\",state=\"%s\"}".formatted(each)))
				.isEqualTo((each == state) ? 1 : 0);
		}
		assertThat(this.admin.meter("echod_listener_state{listener=\"echo\",state=\"ACCEPTING\"}")).isEqualTo(1);
	}

	@Test
	void durationsAreAHistogramOfFewSeries() throws Exception {
		double before = this.admin.meter("echod_connection_duration_seconds_bucket{listener=\"second\",le=\"60.0\"}");
		connected().close();
		await().until(() -> this.admin
			.meter("echod_connection_duration_seconds_bucket{listener=\"second\",le=\"60.0\"}") == before + 1);
		List<String> series = series("echod_connection_duration_seconds").stream()
			.filter((line) -> line.contains("\"second\""))
			.toList();
		assertThat(series).hasSize(15);
		assertThat(series.stream().flatMap((line) -> TAG.matcher(line).results()).map((tag) -> tag.group(2)).toList())
			.contains("0.001", "0.01", "0.1", "1.0", "10.0", "60.0", "600.0", "3600.0", "21600.0", "86400.0",
					"604800.0", "+Inf");
	}

	@Test
	void connectionsOfTheApplicationsOwnFactoryAreCounted() throws Exception {
		String name = "own-" + System.nanoTime();
		NettyServerConnectionFactory factory = new NettyServerConnectionFactory(0, this.eventLoops, this.connections);
		factory.registerListener((message) -> {
		});
		this.beanFactory.initializeBean(factory, name);
		factory.start();
		try (TestClient client = new TestClient(factory.getPort())) {
			client.send(new byte[] { 1 }).sendFin().receiveToEnd();
		}
		finally {
			factory.stop();
		}
		String closed = "echod_connections_closed_total{listener=\"%s\",reason=\"PEER_CLOSED\"} 1.0".formatted(name);
		await().untilAsserted(() -> assertThat(series("echod_connections_closed_total{")).contains(closed));
		assertThat(this.admin.meter("echod_connection_duration_seconds_count{listener=\"%s\"}".formatted(name)))
			.isEqualTo(1);
	}

	@Test
	void eachEventLoopTellsItsLagAndUtilisation() throws Exception {
		int loops = this.eventLoops.executors().size();
		assertThat(loops).isPositive();
		for (int i = 0; i < loops; i++) {
			assertThat(this.admin.meter("echod_event_loop_lag_seconds{loop=\"%d\"}".formatted(i))).isNotNegative();
			assertThat(this.admin.meter("echod_event_loop_utilisation{loop=\"%d\"}".formatted(i))).isBetween(0.0, 1.0);
		}
		assertThat(series("echod_event_loop")).hasSize(2 * loops);
	}

	@Test
	void noTagOfNettysIsAnotherAtTheNextStart() throws Exception {
		List<String> tags = series("netty_").stream()
			.flatMap((line) -> TAG.matcher(line).results())
			.map((tag) -> tag.group(1))
			.distinct()
			.toList();
		assertThat(tags).containsExactlyInAnyOrder("allocator_type", "memory_type", "loop");
		assertThat(series("netty_eventexecutor_")).hasSameSizeAs(this.eventLoops.executors());
	}

	@Test
	void buildIsTheOneThatInfoTells() throws Exception {
		String version = this.admin.read("info", "$.build.version");
		String commit = this.admin.read("info", "$.git.commit.id");
		List<String> series = series("echod_build_info{");
		assertThat(series).hasSize(1);
		assertThat(series.getFirst()).contains("version=\"" + version + "\"", "commit=\"" + commit).endsWith("} 1");
	}

	@Test
	void eachMeterOfTheCatalogueIsThereFromTheStart() throws Exception {
		String text = this.admin.call(NOBODY, "GET", "prometheus", "").body();
		assertThat(Meters.values()).allSatisfy((meter) -> {
			String name = "\n" + meter.meterName().replace('.', '_');
			List<String> tags = TAG
				.matcher(text.substring(text.indexOf(name)).lines().skip(1).findFirst().orElseThrow())
				.results()
				.map((tag) -> tag.group(1))
				.toList();
			assertThat(tags).as(meter.meterName()).containsAll(meter.tags());
		});
	}

	/**
	 * Micrometer warns of one that is registered twice, the second time at DEBUG.
	 */
	@Test
	void bundleOfTwoListenersHasOneMeter() {
		Logger logger = (Logger) LoggerFactory.getLogger(MeterRegistry.class);
		logger.setLevel(Level.DEBUG);
		try (LogCapture log = new LogCapture()) {
			this.tlsMeters.bindTo(new SimpleMeterRegistry());
			assertThat(log.atLeast(Level.DEBUG)).noneMatch((line) -> line.contains("already registered"));
		}
		finally {
			logger.setLevel(null);
		}
	}

}
