package dev.echod.transport;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.echod.gateway.NonBlockingTcpListener;
import dev.echod.testing.TestClient;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.integration.ip.tcp.connection.TcpConnectionCloseEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorSupport;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.connection.TcpConnectionOpenEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionServerExceptionEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionServerListeningEvent;
import org.springframework.messaging.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * A server connection factory starts, pauses and stops whatever its clients and the beans
 * that it calls do meanwhile.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.Transport#available")
class ServerFactoryContractTests {

	/**
	 * Longer than any orderly stop.
	 */
	private static final Duration DEADLINE = Duration.ofSeconds(20);

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Transport transport;

	private final SpringFactories.Received listener = new SpringFactories.Received();

	@RegisterExtension
	private final SpringFactories factories = new SpringFactories(() -> this.transport);

	@SuppressWarnings("NullAway.Init")
	private NettyServerConnectionFactory server;

	@BeforeEach
	void create() {
		this.server = this.factories.server();
		this.server.registerListener(this.listener);
	}

	@Test
	void stopReturnsWhileAConnectionIsAccepted() throws Exception {
		returnsWhileAConnectionIsAccepted(NettyServerConnectionFactory::stop);
	}

	@Test
	void pauseReturnsWhileAConnectionIsAccepted() throws Exception {
		returnsWhileAConnectionIsAccepted(NettyServerConnectionFactory::pauseAccepting);
	}

	private void returnsWhileAConnectionIsAccepted(Consumer<NettyServerConnectionFactory> action) throws Exception {
		CountDownLatch accepting = new CountDownLatch(1);
		CompletableFuture<Thread> caller = new CompletableFuture<>();
		this.server.setInterceptorFactoryChain(SpringFactories.interceptors(() -> {
			accepting.countDown();
			Thread waiting = caller.orTimeout(10, TimeUnit.SECONDS).join();
			await().until(() -> isWaitingOrDone(waiting));
			this.server.getOpenConnectionIds();
			return new Interceptor();
		}));
		this.server.start();
		try (TestClient client = new TestClient(this.server.getPort())) {
			assertThat(accepting.await(10, TimeUnit.SECONDS)).isTrue();
			Thread thread = Thread.ofPlatform().daemon().start(() -> action.accept(this.server));
			caller.complete(thread);
			assertThat(thread.join(DEADLINE)).as("returns").isTrue();
			assertThat(client.socket().isConnected()).isTrue();
		}
	}

	/**
	 * Its listener fails when it is asked, which is when senders have been told of it.
	 */
	@Test
	void connectionThatCannotBeSetUpIsNobodysMember() throws Exception {
		SpringFactories.Told told = new SpringFactories.Told();
		NettyServerConnectionFactory failing = this.factories.server();
		failing.registerSender(told);
		failing.registerListener(new NonBlockingTcpListener() {

			@Override
			public boolean mayBlock() {
				throw new IllegalStateException("as the test wants it");
			}

			@Override
			public void onMessage(Message<?> message) {
			}

		});
		failing.start();
		try (TestClient client = new TestClient(failing.getPort())) {
			assertThat(client.receiveToEnd()).isEmpty();
		}
		await().untilAsserted(() -> assertThat(told.removed()).hasSize(1).isEqualTo(told.added()));
		assertThat(failing.getOpenConnectionIds()).isEmpty();
		assertThat(this.factories.events(TcpConnectionOpenEvent.class)).isEmpty();
	}

	@Test
	void connectionWhoseInputWeEndedEndsWithItsPeer() throws Exception {
		SpringFactories.Told told = new SpringFactories.Told();
		this.server.registerSender(told);
		this.server.start();
		try (TestClient client = new TestClient(this.server.getPort())) {
			await().until(() -> told.added().size() == 1);
			((TcpConnectionSupport) told.added().getFirst()).shutdownInput();
			assertThat(client.sendFin().receiveToEnd()).isEmpty();
		}
		await().until(() -> told.removed().equals(told.added()));
	}

	private static boolean isWaitingOrDone(Thread thread) {
		return switch (thread.getState()) {
			case WAITING, TIMED_WAITING, TERMINATED -> true;
			default -> false;
		};
	}

	private static final class Interceptor extends TcpConnectionInterceptorSupport {

	}

	@Tag("long")
	@Test
	void startsStopsAndPausesReturnUnderAConnectFlood() throws Exception {
		SpringFactories.Told told = new CallingBack();
		this.server.registerSender(told);
		this.factories.context().addApplicationListener((event) -> callBack());
		int port = freePort();
		this.server.setPort(port);
		AtomicBoolean flooding = new AtomicBoolean(true);
		List<Thread> flood = List.of(flood(port, flooding), flood(port, flooding));
		try {
			for (int round = 0; round < 8; round++) {
				inTime("start", this.server::start);
				int before = told.added().size();
				await().until(() -> told.added().size() > before);
				for (int i = 0; i < 8; i++) {
					inTime("pause", this.server::pauseAccepting);
					inTime("resume", this.server::resumeAccepting);
				}
				inTime("stop", this.server::stop);
			}
		}
		finally {
			flooding.set(false);
			for (Thread thread : flood) {
				thread.join(DEADLINE);
			}
		}
		inTime("start", this.server::start);
		try (TestClient client = new TestClient(port)) {
			client.send(SpringFactories.ascii("after the flood\n"));
			await().untilAsserted(() -> assertThat(this.listener.texts()).contains("after the flood"));
		}
		inTime("stop", this.server::stop);
		await().untilAsserted(() -> assertThat(told.removed()).hasSameSizeAs(told.added()));
		await().untilAsserted(() -> assertThat(this.factories.events(TcpConnectionCloseEvent.class))
			.hasSameSizeAs(this.factories.events(TcpConnectionOpenEvent.class)));
	}

	private void callBack() {
		assertThat(this.server.getOpenConnectionIds()).isNotNull();
		assertThat(this.server.getPort()).isPositive();
		this.server.isRunning();
	}

	private final class CallingBack extends SpringFactories.Told {

		@Override
		public void addNewConnection(TcpConnection connection) {
			super.addNewConnection(connection);
			callBack();
		}

		@Override
		public void removeDeadConnection(TcpConnection connection) {
			super.removeDeadConnection(connection);
			callBack();
		}

	}

	/**
	 * A port that no client is given as its own.
	 */
	private static int freePort() throws IOException {
		for (int port = 20_000 + (int) (System.nanoTime() & 0xfff); port < 32_000; port++) {
			try (ServerSocket free = new ServerSocket(port)) {
				return free.getLocalPort();
			}
			catch (BindException ex) {
				// The next, then.
			}
		}
		throw new IOException("No port is free");
	}

	private static Thread flood(int port, AtomicBoolean flooding) {
		return Thread.ofPlatform().daemon().start(() -> {
			while (flooding.get()) {
				try {
					new TestClient(port).reset();
				}
				catch (IOException ex) {
					Thread.onSpinWait();
				}
			}
		});
	}

	private static void inTime(String what, Runnable action) throws Exception {
		CompletableFuture<Void> done = new CompletableFuture<>();
		Thread.ofPlatform().daemon().start(() -> {
			try {
				action.run();
				done.complete(null);
			}
			catch (RuntimeException ex) {
				done.completeExceptionally(ex);
			}
		});
		assertThat(done).as(what).succeedsWithin(DEADLINE);
	}

	@Test
	void takenPortIsABindExceptionInWhatIsThrownAndInItsEvent() throws Exception {
		try (ServerSocket taken = new ServerSocket(0)) {
			this.server.setPort(taken.getLocalPort());
			assertIsBindException(this.server::start);
			assertThat(this.factories.events(TcpConnectionServerExceptionEvent.class)).singleElement()
				.satisfies((event) -> assertThat(SpringFactories.causes(event.getCause()))
					.hasAtLeastOneElementOfType(BindException.class))
				.returns(this.server, (event) -> event.getSource());
			assertThat(this.server.isRunning()).isFalse();
			assertThat(this.server.isListening()).isFalse();
		}
		this.server.start();
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("x\n"));
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("x"));
		}
		await()
			.untilAsserted(() -> assertThat(this.factories.events(TcpConnectionServerListeningEvent.class)).hasSize(1));
	}

	private static void assertIsBindException(ThrowingCallable action) {
		Throwable thrown = catchThrowable(action);
		assertThat(thrown).isNotNull();
		assertThat(SpringFactories.causes(thrown)).hasAtLeastOneElementOfType(BindException.class);
	}

	@Test
	void portThatWasTakenDuringAPauseIsABindExceptionAndTheOpenConnectionsGoOn() throws Exception {
		this.server.start();
		int port = this.server.getPort();
		try (TestClient client = new TestClient(port)) {
			client.send(SpringFactories.ascii("before\n"));
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("before"));
			this.server.pauseAccepting();
			try (ServerSocket taking = new ServerSocket()) {
				taking.setReuseAddress(true);
				taking.bind(new InetSocketAddress(port));
				assertIsBindException(this.server::resumeAccepting);
				assertThat(this.server.isListening()).isFalse();
			}
			client.send(SpringFactories.ascii("meanwhile\n"));
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("before", "meanwhile"));
			this.server.resumeAccepting();
			assertThat(this.server.isListening()).isTrue();
		}
	}

	/**
	 * Unlike Spring's own, which log and go on without.
	 */
	@Test
	void startWithoutAListenerIsRefused() {
		NettyServerConnectionFactory deaf = this.factories.server();
		assertThatIllegalStateException().isThrownBy(deaf::start).withMessageContaining("TcpListener");
		assertThat(deaf.isRunning()).isFalse();
	}

}
