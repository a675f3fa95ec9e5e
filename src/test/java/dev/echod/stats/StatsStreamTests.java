package dev.echod.stats;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.echod.EchodApplication;
import dev.echod.admin.AdminApi;
import dev.echod.listener.Listener;
import dev.echod.listener.Listeners;
import dev.echod.testing.AdminClient;
import dev.echod.testing.EventStream;
import dev.echod.testing.EventStream.Event;
import dev.echod.testing.Login;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;

import static dev.echod.testing.AdminClient.OPERATOR;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The stream of a started service: what it tells, and whom.
 */
@AdminApi
class StatsStreamTests {

	@Autowired
	private Listeners listeners;

	@Value("${local.server.port}")
	private int adminPort;

	@SuppressWarnings("NullAway.Init")
	private AdminClient admin;

	@BeforeEach
	void connect() {
		this.admin = new AdminClient(this.adminPort);
	}

	@AfterEach
	void disconnect() {
		this.admin.close();
	}

	private int port() {
		return Objects.requireNonNull(this.listeners.named("echo")).address().getPort();
	}

	@Test
	void sampleTellsHowTheServiceIs() throws Exception {
		try (EventStream viewer = EventStream.as(VIEWER, this.adminPort)) {
			Event sample = viewer.next((event) -> event.<String>read("$.readiness").equals("ACCEPTING_TRAFFIC"));
			assertThat(sample.name()).isEqualTo("sample");
			assertThat(sample.<String>read("$.drain.state")).isEqualTo("SERVING");
			assertThat(sample.<String>read("$.transport"))
				.isEqualTo(this.admin.<String>read("info", "$.transport.inUse"));
			assertThat(sample.<List<String>>read("$.listeners[*].name")).containsExactly("echo", "second");
			assertThat(sample.<Integer>read("$.listenersLeftOut")).isZero();
			assertThat(sample.<List<Object>>read("$.loops[*].lagSeconds")).isNotEmpty();
			assertThat(sample.<Integer>read("$.memory.heapUsed")).isPositive();
			assertThat(sample.<Integer>read("$.memory.resident")).isPositive();
			assertThat(sample.<Integer>read("$.listeners[0].port")).isEqualTo(port());
		}
	}

	@Test
	void sampleTellsOfWhatWentOnInItsSecond() throws Exception {
		try (EventStream viewer = EventStream.as(VIEWER, this.adminPort)) {
			try (TestClient client = new TestClient(port())) {
				client.send(new byte[] { 1, 2, 3 }).receive(3);
				// Not the second of a client of before.
				Event sample = viewer.next((event) -> event.<Integer>read("$.listeners[0].active") == 1
						&& event.<Double>read("$.listeners[0].receivedPerSecond") > 0);
				assertThat(sample.<Integer>read("$.listeners[0].peak")).isPositive();
				assertThat(sample.<Double>read("$.listeners[0].messagesPerSecond")).isPositive();
				assertThat(sample.<Double>read("$.listeners[1].receivedPerSecond")).isZero();
			}
			viewer.next((event) -> event.<Integer>read("$.listeners[0].active") == 0);
		}
	}

	@Test
	void lastProbeOfAListenerIsTold() throws Exception {
		try (EventStream viewer = EventStream.as(VIEWER, this.adminPort)) {
			assertThat(this.admin
				.call(OPERATOR, "POST", "probe", "{\"host\":\"localhost\",\"port\":%d,\"count\":3}".formatted(port()))
				.statusCode()).isEqualTo(200);
			Event sample = viewer.next((event) -> event.<Object>read("$.listeners[0].probe") != null);
			Map<String, Object> probe = sample.read("$.listeners[0].probe");
			assertThat(probe).containsEntry("echoed", true).containsEntry("error", null);
			assertThat((Double) probe.get("medianSeconds")).isPositive();
			assertThat(sample.<Object>read("$.listeners[1].probe")).isNull();
		}
	}

	@Test
	void drainIsToldAsItsEndpointTellsIt() throws Exception {
		try (EventStream viewer = EventStream.as(VIEWER, this.adminPort)) {
			this.admin.call(OPERATOR, "POST", "drain", "{\"deadline\":\"1s\",\"reason\":\"looked at\"}");
			// Not one that tests before it have left.
			Event sample = viewer.next((event) -> event.<String>read("$.drain.state").equals("DRAINED")
					&& "looked at".equals(event.<String>read("$.drain.plan.reason")));
			assertThat(sample.<Map<String, Object>>read("$.drain"))
				.isEqualTo(this.admin.<Map<String, Object>>read("drain", "$"));
			assertThat(sample.<String>read("$.readiness")).isEqualTo("REFUSING_TRAFFIC");
			assertThat(sample.<String>read("$.listeners[0].state")).isEqualTo("PAUSED");
			this.admin.call(OPERATOR, "DELETE", "drain", "");
			viewer.next((event) -> event.<String>read("$.drain.state").equals("SERVING"));
		}
	}

	@Test
	void logoutEndsTheStreamOfItsSessionAlone() throws Exception {
		try (AdminClient root = AdminClient.under("/", this.adminPort)) {
			Login login = Login.as(root, VIEWER);
			Login other = Login.as(root, VIEWER);
			try (EventStream ended = EventStream.of(login, this.adminPort);
					EventStream going = EventStream.of(other, this.adminPort)) {
				ended.next();
				login.change(root, "POST", "logout", "", login.csrf());
				ended.awaitOver();
				going.next();
			}
		}
	}

	@Test
	@Tag("long")
	void noMoreListenersAreToldThanAreKeptInBounds() throws Exception {
		String[] arguments = Stream.concat(
				Stream.of("--server.port=0", "--echod.listeners.echo.port=0", "--echod.admin.viewer.name=viewer",
						"--echod.admin.viewer.password=look"),
				IntStream.rangeClosed(1, Sampler.MOST_LISTENERS + 1)
					.mapToObj((number) -> "--echod.listeners.more-%d.port=0".formatted(number)))
			.toArray(String[]::new);
		try (var context = new SpringApplication(EchodApplication.class).run(arguments);
				EventStream viewer = EventStream.as(VIEWER,
						context.getEnvironment().getRequiredProperty("local.server.port", Integer.class))) {
			Event sample = viewer.next();
			assertThat(sample.<List<String>>read("$.listeners[*].name")).hasSize(Sampler.MOST_LISTENERS);
			assertThat(sample.<Integer>read("$.listenersLeftOut")).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@Tag("long")
	@CsvSource({ "false,CLEAN,0", "true,FORCED,4" })
	void endOfTheServiceIsTold(boolean stays, String outcome, int exitCode) throws Exception {
		try (var context = new SpringApplication(EchodApplication.class).run("--server.port=0",
				"--echod.listeners.echo.port=0", "--echod.admin.viewer.name=viewer",
				"--echod.admin.viewer.password=look", "--echod.drain.deadline=10ms", "--echod.drain.quiet=1h")) {
			int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			Listener echo = Objects.requireNonNull(context.getBean(Listeners.class).named("echo"));
			try (EventStream viewer = EventStream.as(VIEWER, port);
					TestClient client = new TestClient(echo.address().getPort())) {
				client.send(new byte[] { 1 }).receive(1);
				if (!stays) {
					client.socket().shutdownOutput();
					await().until(() -> echo.totals().active() == 0);
				}
				Thread closing = Thread.ofPlatform().start(context::close);
				Event end = viewer.next((event) -> event.name().equals("end"));
				assertThat(end.<String>read("$.outcome")).isEqualTo(outcome);
				assertThat(end.<Integer>read("$.exitCode")).isEqualTo(exitCode);
				viewer.awaitOver();
				closing.join();
			}
		}
	}

}
