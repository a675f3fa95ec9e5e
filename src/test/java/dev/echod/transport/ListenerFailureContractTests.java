package dev.echod.transport;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.echod.testing.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.integration.ip.tcp.connection.TcpConnectionCloseEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionExceptionEvent;
import org.springframework.integration.ip.tcp.outbound.TcpOutboundGateway;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Neither an executor that takes no task nor an error of a listener leaves a connection
 * that nobody serves or ends.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.Transport#available")
@Tag("long")
class ListenerFailureContractTests {

	private static final Duration PROMPTLY = Duration.ofSeconds(8);

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Transport transport;

	private final Received listener = new Received();

	private final SpringFactories.Told told = new SpringFactories.Told();

	private final RejectingExecutor executor = new RejectingExecutor();

	@RegisterExtension
	private final SpringFactories factories = new SpringFactories(() -> this.transport);

	@SuppressWarnings("NullAway.Init")
	private NettyServerConnectionFactory server;

	@BeforeEach
	void start() {
		this.server = this.factories.server();
		this.server.registerListener(this.listener);
		this.server.registerSender(this.told);
		this.server.setTaskExecutor(this.executor);
		this.server.start();
	}

	/**
	 * Fails at the messages that tell it to.
	 */
	private static final class Received extends SpringFactories.Received {

		@Override
		public void onMessage(Message<?> message) {
			super.onMessage(message);
			if (message.getPayload() instanceof byte[] && SpringFactories.text(message).equals("error")) {
				throw new LinkageError("as the test wants it");
			}
		}

	}

	/**
	 * Takes tasks until told not to.
	 */
	private static final class RejectingExecutor implements Executor {

		private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

		private final AtomicInteger running = new AtomicInteger();

		private volatile boolean rejecting;

		@Override
		public void execute(Runnable task) {
			if (this.rejecting) {
				throw new RejectedExecutionException("as the test wants it");
			}
			this.running.incrementAndGet();
			this.threads.execute(() -> {
				try {
					task.run();
				}
				finally {
					this.running.decrementAndGet();
				}
			});
		}

		/**
		 * Takes no more tasks, once those it took are done.
		 */
		void reject() {
			await().until(() -> this.running.get() == 0);
			this.rejecting = true;
		}

	}

	@Test
	void messagesAfterAnErrorOfTheListenerAreDeliveredAndTheConnectionEnds() throws Exception {
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("one\nerror\ntwo\n"));
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("one", "error", "two"));
			client.send(SpringFactories.ascii("three\n"));
			await().untilAsserted(() -> assertThat(this.listener.texts()).endsWith("three"));
		}
		awaitEnd();
	}

	@Test
	void errorOfTheListenerAtTheLastMessageLetsTheConnectionEnd() throws Exception {
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("error\n")).sendFin();
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("error"));
			assertThat(client.receiveToEnd()).isEmpty();
		}
		awaitEnd();
	}

	/**
	 * The one connection that there was has ended, and all were told so once.
	 */
	private void awaitEnd() {
		await().untilAsserted(() -> {
			assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(1);
			assertThat(this.told.removed()).isEqualTo(this.told.added());
		});
		assertThat(this.told.added()).hasSize(1);
		assertThat(this.server.getOpenConnectionIds()).isEmpty();
	}

	@Test
	void messageThatTheExecutorRejectsEndsItsConnection() throws Exception {
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("one\n"));
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("one"));
			this.executor.reject();
			client.send(SpringFactories.ascii("two\n"));
			assertEnds(client);
			awaitEnd();
			assertThat(this.factories.events(TcpConnectionExceptionEvent.class)).singleElement()
				.satisfies((event) -> assertThat(SpringFactories.causes(event.getCause()))
					.hasAtLeastOneElementOfType(RejectedExecutionException.class));
			assertThat(this.listener.errors()).singleElement()
				.satisfies((error) -> assertThat(SpringFactories.causes(error))
					.hasAtLeastOneElementOfType(RejectedExecutionException.class));
			assertThat(this.listener.texts()).containsExactly("one");
		}
	}

	private static void assertEnds(TestClient client) {
		try {
			assertThat(client.receiveToEnd()).isEmpty();
		}
		catch (IOException ex) {
			assertThat(ex).hasMessageContaining("reset");
		}
	}

	@Test
	void connectionsWithoutARejectedTaskGoOn() throws Exception {
		try (TestClient before = new TestClient(this.server.getPort());
				TestClient rejected = new TestClient(this.server.getPort())) {
			before.send(SpringFactories.ascii("one\n"));
			rejected.send(SpringFactories.ascii("one\n"));
			await().untilAsserted(() -> assertThat(this.listener.texts()).hasSize(2));
			this.executor.reject();
			rejected.send(SpringFactories.ascii("two\n"));
			assertEnds(rejected);
			await().untilAsserted(() -> assertThat(this.told.removed()).hasSize(1));
			this.executor.rejecting = false;
			before.send(SpringFactories.ascii("three\n"));
			try (TestClient after = new TestClient(this.server.getPort())) {
				after.send(SpringFactories.ascii("four\n"));
				await().untilAsserted(() -> assertThat(this.listener.texts()).contains("three", "four"));
			}
		}
		await().untilAsserted(
				() -> assertThat(this.told.removed()).containsExactlyInAnyOrderElementsOf(this.told.added()));
		await().untilAsserted(() -> assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(3));
	}

	@Test
	void connectionThatTheExecutorNeverTookIsGone() throws Exception {
		this.executor.reject();
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("one\n"));
			assertEnds(client);
		}
		await().untilAsserted(() -> assertThat(this.server.getOpenConnectionIds()).isEmpty());
		await().untilAsserted(() -> assertThat(this.told.removed()).isEqualTo(this.told.added()));
		assertThat(this.listener.texts()).isEmpty();
	}

	@Test
	void requestWhoseReplyTheExecutorRejectsFailsAtOnce() throws Exception {
		try (ServerSocket peer = SpringFactories.peer()) {
			NettyClientConnectionFactory client = this.factories.client(peer.getLocalPort());
			client.setTaskExecutor(this.executor);
			TcpOutboundGateway gateway = this.factories.gateway(client);
			Thread.ofVirtual().start(() -> {
				try (Socket accepted = peer.accept()) {
					accepted.getInputStream().read();
					this.executor.reject();
					accepted.getOutputStream().write(SpringFactories.ascii("reply\n"));
					accepted.getInputStream().readAllBytes();
				}
				catch (IOException ex) {
					// It was reset.
				}
			});
			long before = System.nanoTime();
			Throwable failure = catchThrowable(() -> gateway.handleMessage(new GenericMessage<>("request")));
			assertThat(failure).isNotNull();
			assertThat(SpringFactories.causes(failure)).hasAtLeastOneElementOfType(RejectedExecutionException.class);
			assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(PROMPTLY);
			await().until(() -> client.getOpenConnectionIds().isEmpty());
			await().untilAsserted(() -> assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(1));
		}
	}

}
