package dev.echod.admin;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

import dev.echod.EchodApplication;
import dev.echod.listener.Listener;
import dev.echod.listener.Listeners;
import dev.echod.testing.AdminClient;
import dev.echod.testing.Balancer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * What listeners depend on: looked at beside those who ask, one not delayed by the other.
 */
class UpstreamWatchTests {

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);

	private static Listener relay(String name) {
		Listener listener = mock(Listener.class);
		given(listener.name()).willReturn(name);
		given(listener.hasUpstream()).willReturn(true);
		return listener;
	}

	@Tag("long")
	@Test
	void lookThatHangsIsAFailureAndDelaysNoOther() {
		Listener quick = relay("quick");
		Listener slow = relay("slow");
		CountDownLatch hanging = new CountDownLatch(1);
		CountDownLatch answered = new CountDownLatch(1);
		given(slow.checkUpstream()).willReturn(null).willAnswer((call) -> {
			hanging.countDown();
			answered.await();
			return null;
		});
		Listeners listeners = mock(Listeners.class);
		given(listeners.all()).willReturn(List.of(slow, quick));
		UpstreamWatch watch = new UpstreamWatch(listeners, this.clock::get);
		assertThat(watch.failureOf(quick)).isEqualTo("the upstream was not looked at yet");
		watch.start();
		try {
			await().until(() -> hanging.getCount() == 0);
			await().until(() -> watch.failureOf(quick) == null);
			assertThat(watch.failureOf(slow)).isNull();
			this.clock.addAndGet(Duration.ofSeconds(10).toNanos());
			assertThat(watch.failureOf(slow)).isEqualTo("the upstream was last looked at 10 seconds ago");
			await().until(() -> watch.failureOf(quick) == null);
			answered.countDown();
			await().until(() -> watch.failureOf(slow) == null);
		}
		finally {
			answered.countDown();
			watch.stop();
		}
		assertThat(watch.isRunning()).isFalse();
	}

	@Test
	void relayIsReadyWhileItsUpstreamIsThere() throws Exception {
		int upstream = Balancer.freePorts(1).getFirst();
		try (var context = new SpringApplication(EchodApplication.class).run("--server.port=0",
				"--echod.admin.operator.password=secret", "--echod.admin.viewer.name=viewer",
				"--echod.admin.viewer.password=look", "--echod.listeners.echo.port=0",
				"--echod.listeners.echo.service=relay", "--echod.listeners.echo.framing=lf",
				"--echod.listeners.echo.relay.host=127.0.0.1", "--echod.listeners.echo.relay.port=" + upstream);
				AdminClient admin = new AdminClient(
						context.getEnvironment().getRequiredProperty("local.server.port", Integer.class))) {
			assertThat(readiness(admin)).isEqualTo(503);
			await().until(() -> admin.call(VIEWER, "GET", "health/readiness", "").body().contains("refused"));
			try (ServerSocket socket = new ServerSocket(upstream, 50, InetAddress.getLoopbackAddress())) {
				assertThat(socket.isBound()).isTrue();
				await().until(() -> readiness(admin) == 200);
			}
			await().until(() -> readiness(admin) == 503);
		}
	}

	private static int readiness(AdminClient admin) throws Exception {
		return admin.call(NOBODY, "GET", "health/readiness", "").statusCode();
	}

}
