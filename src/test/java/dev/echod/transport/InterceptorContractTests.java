package dev.echod.transport;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.echod.testing.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.integration.ip.tcp.connection.TcpConnectionCloseEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorSupport;
import org.springframework.integration.ip.tcp.connection.TcpConnectionOpenEvent;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.ErrorMessage;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A connection that ends by itself is closed through its outermost interceptor.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.Transport#available")
class InterceptorContractTests {

	private static final Duration PROMPTLY = Duration.ofSeconds(8);

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Transport transport;

	private final List<String> closed = new CopyOnWriteArrayList<>();

	private final List<TcpConnection> outermost = new CopyOnWriteArrayList<>();

	/**
	 * Whether interceptors fail to close.
	 */
	private volatile boolean failing;

	private final SpringFactories.Told told = new SpringFactories.Told();

	@RegisterExtension
	private final SpringFactories factories = new SpringFactories(() -> this.transport);

	@SuppressWarnings("NullAway.Init")
	private NettyServerConnectionFactory server;

	@BeforeEach
	void create() {
		this.server = this.factories.server();
		this.server.registerSender(this.told);
	}

	private void startWithInterceptors(boolean outermostClosesWhatItWraps) {
		this.server.setInterceptorFactoryChain(SpringFactories.interceptors(() -> new Closing("inner", true), () -> {
			Closing interceptor = new Closing("outer", outermostClosesWhatItWraps);
			this.outermost.add(interceptor);
			return interceptor;
		}));
		this.server.registerListener((message) -> {
			if (!(message instanceof ErrorMessage)) {
				this.outermost.getFirst().send(new GenericMessage<>("re: " + SpringFactories.text(message)));
			}
		});
		this.server.start();
	}

	private final class Closing extends TcpConnectionInterceptorSupport {

		private final String name;

		private final boolean closesWhatItWraps;

		Closing(String name, boolean closesWhatItWraps) {
			super(publisher());
			this.name = name;
			this.closesWhatItWraps = closesWhatItWraps;
		}

		@Override
		public void close() {
			InterceptorContractTests.this.closed.add(this.name);
			if (InterceptorContractTests.this.failing) {
				throw new IllegalStateException("as the test wants it");
			}
			if (this.closesWhatItWraps) {
				super.close();
			}
		}

	}

	private ApplicationEventPublisher publisher() {
		return this.factories.context();
	}

	private void talk(TestClient client) throws Exception {
		client.send(SpringFactories.ascii("x\n"));
		assertThat(client.receive(6)).isEqualTo(SpringFactories.ascii("re: x\n"));
		assertThat(this.closed).isEmpty();
	}

	private void awaitClosedThroughTheOutermost() {
		await().untilAsserted(() -> {
			assertThat(this.closed).contains("outer", "inner");
			assertThat(this.told.removed()).hasSize(1);
			assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(1);
		});
		assertThat(this.closed.getFirst()).isEqualTo("outer");
		assertThat(this.told.added()).isEqualTo(this.outermost);
		assertThat(this.told.removed()).isEqualTo(this.outermost);
		assertThat(this.factories.events(TcpConnectionOpenEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getSource()).isSameAs(this.outermost.getFirst()));
		assertThat(this.factories.events(TcpConnectionCloseEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getSource()).isSameAs(this.outermost.getFirst()));
		assertThat(this.server.getOpenConnectionIds()).isEmpty();
	}

	@Test
	void outermostInterceptorIsClosedWhenThePeerCloses() throws Exception {
		startWithInterceptors(true);
		try (TestClient client = new TestClient(this.server.getPort())) {
			talk(client);
		}
		awaitClosedThroughTheOutermost();
	}

	@Test
	void outermostInterceptorIsClosedWhenThePeerResets() throws Exception {
		startWithInterceptors(true);
		try (TestClient client = new TestClient(this.server.getPort())) {
			talk(client);
			client.reset();
		}
		awaitClosedThroughTheOutermost();
	}

	@Test
	void outermostInterceptorIsClosedWhenThePeerIsSilentTooLong() throws Exception {
		this.server.setSoTimeout(500);
		startWithInterceptors(true);
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("x\n"));
			assertThat(client.receiveToEnd()).isEqualTo(SpringFactories.ascii("re: x\n"));
		}
		awaitClosedThroughTheOutermost();
	}

	@Test
	void outermostInterceptorIsClosedWhenABeanAsksToCloseTheConnection() throws Exception {
		startWithInterceptors(true);
		try (TestClient client = new TestClient(this.server.getPort())) {
			talk(client);
			assertThat(this.server.closeConnection(this.outermost.getFirst().getConnectionId())).isTrue();
			assertThat(client.receiveToEnd()).isEmpty();
		}
		awaitClosedThroughTheOutermost();
	}

	@Test
	void connectionIsClosedThoughItsOutermostInterceptorKeepsIt() throws Exception {
		startWithInterceptors(false);
		try (TestClient client = new TestClient(this.server.getPort())) {
			talk(client);
			assertThat(client.sendFin().receiveToEnd()).isEmpty();
		}
		awaitEndIsTold();
	}

	@Test
	void endIsToldThoughTheOutermostInterceptorFails() throws Exception {
		startWithInterceptors(true);
		this.failing = true;
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("x\n")).receive(6);
		}
		awaitEndIsTold();
	}

	private void awaitEndIsTold() {
		await().untilAsserted(() -> {
			assertThat(this.closed).contains("outer");
			assertThat(this.told.removed()).isEqualTo(this.outermost);
			assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(1);
			assertThat(this.server.getOpenConnectionIds()).isEmpty();
		});
	}

	@Test
	void interceptorsThatFailKeepNoConnectionOpenThatStops() throws Exception {
		startWithInterceptors(true);
		try (TestClient client = new TestClient(this.server.getPort());
				TestClient other = new TestClient(this.server.getPort())) {
			await().until(() -> this.told.added().size() == 2);
			this.failing = true;
			CompletableFuture<Void> stopped = CompletableFuture.runAsync(this.server::stop);
			assertThat(client.receiveToEnd()).isEmpty();
			assertThat(other.receiveToEnd()).isEmpty();
			client.sendFin();
			other.sendFin();
			assertThat(stopped).succeedsWithin(PROMPTLY);
		}
		await().untilAsserted(() -> assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(2));
		assertThat(this.server.isRunning()).isFalse();
	}

	@Test
	void outermostInterceptorIsClosedAfterAllThatAHalfClosedClientIsOwed() throws Exception {
		startWithInterceptors(true);
		int count = 2_000;
		StringBuilder requests = new StringBuilder();
		StringBuilder replies = new StringBuilder();
		IntStream.range(0, count).forEach((number) -> {
			requests.append(number).append('\n');
			replies.append("re: ").append(number).append('\n');
		});
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii(requests.toString())).sendFin();
			TestClient.assertSame(client.receiveToEnd(), SpringFactories.ascii(replies.toString()));
		}
		awaitClosedThroughTheOutermost();
	}

	/**
	 * Whoever wraps a connection without the factory's chain, as a cache does.
	 */
	@Test
	void interceptorThatRegisteredItselfAsTheListenerIsClosed() throws Exception {
		List<Message<?>> messages = new CopyOnWriteArrayList<>();
		this.server.registerListener(messages::add);
		this.server.start();
		try (TestClient client = new TestClient(this.server.getPort())) {
			await().until(() -> this.told.added().size() == 1);
			Closing wrapper = new Closing("wrapper", true);
			wrapper.setTheConnection((NettyTcpConnection) this.told.added().getFirst());
			wrapper.registerListener(messages::add);
			client.send(SpringFactories.ascii("x\n"));
			await().until(() -> messages.size() == 1);
		}
		await().untilAsserted(() -> assertThat(this.closed).contains("wrapper"));
		await().untilAsserted(() -> assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(1));
	}

}
