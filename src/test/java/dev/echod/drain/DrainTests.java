package dev.echod.drain;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.echod.connection.BulkClose;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.listener.Listener;
import dev.echod.listener.ListenerBindException;
import dev.echod.listener.ListenerState;
import dev.echod.listener.Listeners;
import dev.echod.testing.TestClient;
import dev.echod.transport.EchoServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.withSettings;

/**
 * What is refused, and what goes on, while one drain ends and another thing is asked for.
 */
class DrainTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final DrainPlan THEN_SHUTDOWN = new DrainPlan(Duration.ZERO, HOUR, Duration.ZERO, 0, true, null);

	private static final DrainPlan AND_STAY = new DrainPlan(Duration.ZERO, HOUR, HOUR, 0, false, null);

	/**
	 * How often a drain without connections asks for the time.
	 */
	private static final int TIMES_ASKED = 4;

	private final Listener first = listener("first");

	private final Listener second = listener("second");

	private final Listeners listeners = mock(Listeners.class);

	/**
	 * It closes nothing, so that the time until it is closed does not end.
	 */
	private final ConfigurableApplicationContext context = mock(ConfigurableApplicationContext.class);

	DrainTests() {
		given(this.listeners.all()).willReturn(List.of(this.first, this.second));
	}

	private static Listener listener(String name) {
		Listener listener = mock(Listener.class);
		given(listener.name()).willReturn(name);
		given(listener.state()).willReturn(ListenerState.ACCEPTING);
		return listener;
	}

	private Drain drain(ConnectionRegistry registry) {
		DrainProperties properties = new DrainProperties(Duration.ZERO, HOUR, HOUR, 0);
		return new Drain(this.listeners, registry, mock(BulkClose.class), properties, this.context, System::nanoTime);
	}

	private static void awaitOutcome(Drain drain, DrainOutcome outcome) {
		await().until(() -> drain.status().outcome() == outcome);
	}

	@Test
	void forcedDrainThatLeadsToTheShutdownIsNeitherFollowedByAnotherNorTakenBack() throws Exception {
		try (EchoServer server = EchoServer.start(EchoServer.engines().getFirst());
				TestClient client = new TestClient(server.port())) {
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			Drain drain = drain(server.registry());
			drain.start(THEN_SHUTDOWN);
			awaitOutcome(drain, DrainOutcome.FORCED);
			then(this.context).should(timeout(10_000)).close();
			assertThatExceptionOfType(DrainRefusedException.class).isThrownBy(() -> drain.start(AND_STAY))
				.withMessage("The service shuts down");
			assertThatExceptionOfType(DrainRefusedException.class).isThrownBy(drain::cancel)
				.withMessage("The service shuts down, its drain cannot be cancelled");
			then(this.first).should(never()).resume();
			assertThat(drain.finish().get(10, TimeUnit.SECONDS)).isEqualTo(DrainOutcome.FORCED);
			assertThat(drain.exitCode()).isEqualTo(Drain.FORCED_EXIT_CODE);
		}
	}

	@Test
	void drainIsNotStartedWhileTheServiceEnds() throws Exception {
		Drain drain = drain(new ConnectionRegistry());
		assertThat(drain.finish().get(10, TimeUnit.SECONDS)).isEqualTo(DrainOutcome.CLEAN);
		assertThatExceptionOfType(DrainRefusedException.class).isThrownBy(() -> drain.start(AND_STAY))
			.withMessage("The service shuts down");
		assertThat(drain.exitCode()).isZero();
	}

	/**
	 * It ends by itself a moment after it has asked for the time last, and is called off
	 * in that moment.
	 */
	@Test
	void drainThatEndsWhileItIsCalledOffIsNotTakenForCancelled() {
		Listeners none = mock(Listeners.class, withSettings().stubOnly());
		ConfigurableApplicationContext context = mock(ConfigurableApplicationContext.class, withSettings().stubOnly());
		BulkClose bulkClose = mock(BulkClose.class, withSettings().stubOnly());
		DrainProperties properties = new DrainProperties(Duration.ZERO, HOUR, HOUR, 0);
		for (int i = 0; i < 1_000; i++) {
			AtomicInteger asked = new AtomicInteger();
			Drain drain = new Drain(none, new ConnectionRegistry(), bulkClose, properties, context, () -> {
				asked.addAndGet(Thread.currentThread().isVirtual() ? 1 : 0);
				return 0;
			});
			drain.start(THEN_SHUTDOWN);
			for (int spins = 0; asked.get() < TIMES_ASKED && spins < 1_000_000; spins++) {
				Thread.onSpinWait();
			}
			for (int spins = i % 100; spins > 0; spins--) {
				Thread.onSpinWait();
			}
			boolean cancelled = isCancelled(drain);
			assertThat(drain.status().outcome()).as("%d", i)
				.isEqualTo(cancelled ? DrainOutcome.CANCELLED : DrainOutcome.CLEAN);
		}
	}

	private static boolean isCancelled(Drain drain) {
		try {
			return drain.cancel().state() == DrainState.SERVING;
		}
		catch (DrainRefusedException ex) {
			drain.finish().join();
			return false;
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { IllegalStateException.class, AssertionError.class })
	void listenerThatCannotStopOrGoOnDoesNotKeepTheOthersFromIt(Class<? extends Throwable> failure) {
		willThrow(failure).given(this.first).pause();
		willThrow(failure).given(this.first).resume();
		Drain drain = drain(new ConnectionRegistry());
		drain.start(AND_STAY);
		awaitOutcome(drain, DrainOutcome.CLEAN);
		then(this.second).should().pause();
		assertThatException().isThrownBy(drain::cancel)
			.withMessageStartingWith("Listener 'first' cannot accept connections again: ");
		then(this.second).should().resume();
		assertThat(drain.status().state()).isEqualTo(DrainState.SERVING);
	}

	@Test
	void addressThatWasTakenIsTold() {
		ListenerBindException taken = mock(ListenerBindException.class);
		willThrow(taken).given(this.first).resume();
		Drain drain = drain(new ConnectionRegistry());
		drain.start(AND_STAY);
		awaitOutcome(drain, DrainOutcome.CLEAN);
		assertThatException().isThrownBy(drain::cancel).isSameAs(taken);
		then(this.second).should().resume();
	}

}
