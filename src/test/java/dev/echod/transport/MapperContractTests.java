package dev.echod.transport;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;

import dev.echod.testing.TestClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.integration.ip.tcp.connection.AbstractConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.integration.ip.tcp.connection.TcpConnectionCloseEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionExceptionEvent;
import org.springframework.integration.ip.tcp.connection.TcpMessageMapper;
import org.springframework.integration.ip.tcp.outbound.TcpOutboundGateway;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * A mapper that throws fails the read: the connection ends, and who waits learns why.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.Transport#available")
class MapperContractTests {

	private static final Duration PROMPTLY = Duration.ofSeconds(8);

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Transport transport;

	private final SpringFactories.Received listener = new SpringFactories.Received();

	private final SpringFactories.Told told = new SpringFactories.Told();

	private final IllegalStateException failure = new IllegalStateException("as the test wants it");

	@RegisterExtension
	private final SpringFactories factories = new SpringFactories(() -> this.transport);

	private void setFailingMapper(AbstractConnectionFactory factory) {
		setFailingMapper(factory, () -> {
			throw this.failure;
		});
	}

	private void setFailingMapper(AbstractConnectionFactory factory, Runnable failing) {
		TcpMessageMapper mapper = new TcpMessageMapper() {

			@Override
			public @Nullable Message<?> toMessage(TcpConnection connection, @Nullable Map<String, Object> headers) {
				Message<?> message = super.toMessage(connection, headers);
				if (message != null && SpringFactories.text(message).equals("bad")) {
					failing.run();
				}
				return message;
			}

		};
		mapper.setBeanFactory(this.factories.context().getBeanFactory());
		factory.setMapper(mapper);
	}

	@Test
	void connectionEndsWithTheMessageThatCouldNotBeMapped() throws Exception {
		NettyServerConnectionFactory server = this.factories.server();
		setFailingMapper(server);
		server.registerListener(this.listener);
		server.registerSender(this.told);
		server.start();
		try (TestClient client = new TestClient(server.getPort())) {
			client.send(SpringFactories.ascii("good\nbad\nlate\n"));
			assertThat(client.receiveToEnd()).isEmpty();
			await().untilAsserted(() -> {
				assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(1);
				assertThat(this.told.removed()).isEqualTo(this.told.added());
			});
		}
		assertThat(this.listener.texts()).containsExactly("good");
		assertThat(this.listener.errors()).containsExactly(this.failure);
		assertThat(this.factories.events(TcpConnectionExceptionEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getCause()).isSameAs(this.failure));
		assertThat(server.getOpenConnectionIds()).isEmpty();
	}

	@Test
	void connectionEndsWithTheMessageWhoseMappingIsAnError() throws Exception {
		NettyServerConnectionFactory server = this.factories.server();
		setFailingMapper(server, () -> {
			throw new LinkageError("as the test wants it");
		});
		server.registerListener(this.listener);
		server.start();
		try (TestClient client = new TestClient(server.getPort())) {
			client.send(SpringFactories.ascii("good\nbad\nlate\n"));
			assertThat(client.receiveToEnd()).isEmpty();
		}
		await().untilAsserted(() -> assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(1));
		assertThat(this.listener.texts()).containsExactly("good");
	}

	@Test
	void replyToTheMessageBeforeIsSent() throws Exception {
		NettyServerConnectionFactory server = this.factories.server();
		setFailingMapper(server);
		server.registerListener((message) -> {
			if (message.getPayload() instanceof byte[]) {
				this.told.added().getFirst().send(new GenericMessage<>("re: " + SpringFactories.text(message)));
			}
		});
		server.registerSender(this.told);
		server.start();
		try (TestClient client = new TestClient(server.getPort())) {
			client.send(SpringFactories.ascii("good\nbad\n"));
			assertThat(client.receiveToEnd()).isEqualTo(SpringFactories.ascii("re: good\n"));
		}
	}

	@Test
	void requestWhoseReplyCannotBeMappedFailsAtOnce() throws Exception {
		try (ServerSocket peer = SpringFactories.peer()) {
			NettyClientConnectionFactory client = this.factories.client(peer.getLocalPort());
			setFailingMapper(client);
			TcpOutboundGateway gateway = this.factories.gateway(client);
			Thread.ofVirtual().start(() -> {
				try (Socket accepted = peer.accept()) {
					accepted.getInputStream().read();
					accepted.getOutputStream().write(SpringFactories.ascii("bad\n"));
					accepted.getInputStream().readAllBytes();
				}
				catch (IOException ex) {
					// It was reset.
				}
			});
			long before = System.nanoTime();
			Throwable thrown = catchThrowable(() -> gateway.handleMessage(new GenericMessage<>("request")));
			assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(PROMPTLY);
			assertThat(thrown).isNotNull();
			assertThat(SpringFactories.causes(thrown)).contains(this.failure);
			await().untilAsserted(() -> assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(1));
			assertThat(client.getOpenConnectionIds()).isEmpty();
		}
	}

}
