package dev.echod.transport;

import java.net.ServerSocket;
import java.net.Socket;

import dev.echod.framing.ByteArrayStreamSerializer;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorSupport;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.serializer.AbstractByteArraySerializer;
import org.springframework.integration.ip.tcp.serializer.ByteArrayLengthHeaderSerializer;
import org.springframework.integration.ip.tcp.serializer.ByteArrayLfSerializer;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A serializer and a deserializer that are set on an open connection are used from then
 * on.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.Transport#available")
class NegotiationContractTests {

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Transport transport;

	private final SpringFactories.Received listener = new SpringFactories.Received();

	private final SpringFactories.Told told = new SpringFactories.Told();

	@RegisterExtension
	private final SpringFactories factories = new SpringFactories(() -> this.transport);

	@SuppressWarnings("NullAway.Init")
	private NettyServerConnectionFactory server;

	@BeforeEach
	void create() {
		this.server = this.factories.server();
		this.server.registerListener(this.listener);
		this.server.registerSender(this.told);
	}

	private TcpConnectionSupport accepted() {
		await().until(() -> !this.told.added().isEmpty());
		return (TcpConnectionSupport) this.told.added().getFirst();
	}

	private static void use(TcpConnectionSupport connection, AbstractByteArraySerializer serializer) {
		connection.setDeserializer(serializer);
		connection.setSerializer(serializer);
	}

	@Test
	void linesBecomeMessagesWithALengthAndLinesAgain() throws Exception {
		this.server.start();
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("line\n"));
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("line"));

			use(accepted(), new ByteArrayLengthHeaderSerializer(2));
			client.send(new byte[] { 0, 3, 'a', '\n', 'c', 0, 1, 'd' });
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("line", "a\nc", "d"));
			accepted().send(new GenericMessage<>("reply"));
			assertThat(client.receive(7)).isEqualTo(new byte[] { 0, 5, 'r', 'e', 'p', 'l', 'y' });

			use(accepted(), new ByteArrayLfSerializer());
			client.send(SpringFactories.ascii("line 2\nline"));
			client.send(SpringFactories.ascii(" 3\n"));
			await().untilAsserted(
					() -> assertThat(this.listener.texts()).containsExactly("line", "a\nc", "d", "line 2", "line 3"));
			accepted().send(new GenericMessage<>("reply"));
			assertThat(client.receive(6)).isEqualTo(SpringFactories.ascii("reply\n"));
		}
	}

	@Test
	void whatOneReadReturnsBecomesLines() throws Exception {
		this.factories.serializer(this.server, new ByteArrayStreamSerializer());
		this.server.start();
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("bytes"));
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("bytes"));
			use(accepted(), new ByteArrayLfSerializer());
			client.send(SpringFactories.ascii("one\ntw"));
			client.send(SpringFactories.ascii("o\n"));
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("bytes", "one", "two"));
		}
	}

	@Test
	void linesBecomeWhatOneReadReturns() throws Exception {
		this.server.start();
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("line\n"));
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("line"));
			use(accepted(), new ByteArrayStreamSerializer());
			client.send(SpringFactories.ascii("by\ntes"));
			await().untilAsserted(() -> assertThat(String.join("", this.listener.texts())).isEqualTo("lineby\ntes"));
		}
	}

	/**
	 * An interceptor that asks for another framing with its first message, and answers
	 * such a request in the new framing.
	 */
	private static final class Negotiating extends TcpConnectionInterceptorSupport {

		private boolean negotiated;

		@Override
		public void onMessage(Message<?> message) {
			if (!this.negotiated && message.getPayload() instanceof byte[]) {
				this.negotiated = true;
				ByteArrayLengthHeaderSerializer agreed = new ByteArrayLengthHeaderSerializer(1);
				setDeserializer(agreed);
				setSerializer(agreed);
				send(new GenericMessage<>("agreed"));
				return;
			}
			super.onMessage(message);
		}

	}

	@Test
	void interceptorOfAServerNegotiates() throws Exception {
		this.server.setInterceptorFactoryChain(SpringFactories.interceptors(Negotiating::new));
		this.server.start();
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("length-1?\n"));
			assertThat(client.receive(7)).isEqualTo(SpringFactories.ascii("\6agreed"));
			client.send(new byte[] { 2, '\n', '\n', 1, 'x' });
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("\n\n", "x"));
		}
	}

	@Test
	void interceptorOfAClientNegotiates() throws Exception {
		try (ServerSocket peer = SpringFactories.peer()) {
			NettyClientConnectionFactory client = this.factories.client(peer.getLocalPort());
			SpringFactories.Received received = new SpringFactories.Received();
			client.registerListener(received);
			client.setInterceptorFactoryChain(SpringFactories.interceptors(Negotiating::new));
			client.start();
			TcpConnectionSupport connection = client.getConnection();
			try (Socket accepted = peer.accept()) {
				accepted.setSoTimeout(20_000);
				accepted.getOutputStream().write(SpringFactories.ascii("length-1?\n"));
				assertThat(accepted.getInputStream().readNBytes(7)).isEqualTo(SpringFactories.ascii("\6agreed"));
				accepted.getOutputStream().write(new byte[] { 2, '\n', '\n', 1, 'x' });
				await().untilAsserted(() -> assertThat(received.texts()).containsExactly("\n\n", "x"));
				connection.send(new GenericMessage<>("y"));
				assertThat(accepted.getInputStream().readNBytes(2)).isEqualTo(SpringFactories.ascii("\1y"));
			}
		}
	}

}
