package dev.echod.transport;

import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Objects;

import dev.echod.testing.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.integration.channel.FixedSubscriberChannel;
import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.inbound.TcpInboundGateway;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Socket options mean on event loops what they mean on a blocking socket.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.Transport#available")
class SocketOptionContractTests {

	private static final int TIMEOUT_MILLIS = 20_000;

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Transport transport;

	private final SpringFactories.Told told = new SpringFactories.Told();

	@RegisterExtension
	private final SpringFactories factories = new SpringFactories(() -> this.transport);

	@SuppressWarnings("NullAway.Init")
	private NettyServerConnectionFactory server;

	@BeforeEach
	void create() {
		this.server = this.factories.server();
	}

	private void startServer() {
		this.server.registerListener(new SpringFactories.Received());
		this.server.registerSender(this.told);
		this.server.start();
	}

	private TcpConnection accepted() {
		await().until(() -> !this.told.added().isEmpty());
		return this.told.added().getFirst();
	}

	@Test
	void connectionOfAServerIsResetAtCloseWhenItDoesNotLinger() throws Exception {
		this.server.setSoLinger(0);
		startServer();
		try (TestClient client = new TestClient(this.server.getPort())) {
			accepted().send(new GenericMessage<>("hello"));
			assertThat(client.receive(6)).isEqualTo(SpringFactories.ascii("hello\n"));
			assertThat(this.server.closeConnection(accepted().getConnectionId())).isTrue();
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.in().read())
				.withMessageContaining("reset");
		}
	}

	@Test
	void singleUseConnectionIsResetAfterItsReplyWhenItDoesNotLinger() throws Exception {
		this.server.setSoLinger(0);
		this.server.setSingleUse(true);
		TcpInboundGateway gateway = new TcpInboundGateway();
		gateway.setConnectionFactory(this.server);
		gateway.setRequestChannel(new FixedSubscriberChannel(
				(request) -> ((MessageChannel) Objects.requireNonNull(request.getHeaders().getReplyChannel()))
					.send(new GenericMessage<>("reply"))));
		this.factories.initialize(gateway, "gateway").start();
		this.factories.stopAtEnd(gateway::stop);
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("request\n"));
			assertThat(client.receive(6)).isEqualTo(SpringFactories.ascii("reply\n"));
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.in().read())
				.withMessageContaining("reset");
		}
	}

	@Test
	void connectionOfAClientIsResetAtCloseWhenItDoesNotLinger() throws Exception {
		try (ServerSocket peer = SpringFactories.peer()) {
			NettyClientConnectionFactory client = this.factories.client(peer.getLocalPort());
			client.setSoLinger(0);
			client.registerListener(new SpringFactories.Received());
			client.start();
			TcpConnectionSupport connection = client.getConnection();
			try (Socket accepted = peer.accept()) {
				accepted.setSoTimeout(TIMEOUT_MILLIS);
				connection.send(new GenericMessage<>("hello"));
				assertThat(accepted.getInputStream().readNBytes(6)).isEqualTo(SpringFactories.ascii("hello\n"));
				connection.close();
				assertThatExceptionOfType(SocketException.class).isThrownBy(() -> accepted.getInputStream().read())
					.withMessageContaining("reset");
			}
		}
	}

	@Test
	void connectionThatMayLingerEndsWithAFin() throws Exception {
		startServer();
		try (TestClient client = new TestClient(this.server.getPort())) {
			accepted().send(new GenericMessage<>("hello"));
			assertThat(this.server.closeConnection(accepted().getConnectionId())).isTrue();
			assertThat(client.receiveToEnd()).isEqualTo(SpringFactories.ascii("hello\n"));
		}
	}

	@Test
	void readTimeoutIsZeroUnlessItWasSet() throws Exception {
		startServer();
		try (TestClient client = new TestClient(this.server.getPort())) {
			assertThat(client.socket().isConnected()).isTrue();
			assertThat(soTimeout(accepted())).isZero();
		}
		NettyClientConnectionFactory unset = this.factories.client(this.server.getPort());
		unset.start();
		assertThat(soTimeout(unset.getConnection())).isZero();
		NettyClientConnectionFactory set = this.factories.client(this.server.getPort());
		set.setSoTimeout(12_345);
		set.start();
		assertThat(soTimeout(set.getConnection())).isEqualTo(12_345);
	}

	@Test
	void readTimeoutOfASingleUseServerIsTenSecondsUnlessItWasSet() throws Exception {
		this.server.setSingleUse(true);
		startServer();
		try (TestClient client = new TestClient(this.server.getPort())) {
			assertThat(client.socket().isConnected()).isTrue();
			assertThat(soTimeout(accepted())).isEqualTo(10_000);
		}
	}

	private static int soTimeout(TcpConnection connection) throws SocketException {
		return Objects.requireNonNull(connection.getSocketInfo()).getSoTimeout();
	}

}
