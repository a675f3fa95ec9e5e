package dev.echod.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.gateway.NonBlockingTcpInboundGateway;
import dev.echod.service.EchoService;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Test;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.integration.channel.FixedSubscriberChannel;
import org.springframework.messaging.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a gateway hears of clients that reset their connections.
 */
class ResetGatewayTests {

	private final Queue<Message<?>> heard = new ConcurrentLinkedQueue<>();

	/**
	 * In a burst of resets each would be made for nothing.
	 */
	@Test
	void gatewayThatAwaitsNoRepliesIsGivenNoErrorMessage() throws Exception {
		ConnectionRegistry registry = new ConnectionRegistry();
		try (GenericApplicationContext context = EchoServer.context();
				EventLoops eventLoops = EventLoops.start(Transport.AUTO, 1)) {
			NettyServerConnectionFactory factory = EchoServer.initialize(context,
					new NettyServerConnectionFactory(0, eventLoops, registry), "echo");
			NonBlockingTcpInboundGateway gateway = new NonBlockingTcpInboundGateway() {

				@Override
				public void onMessage(Message<?> message) {
					ResetGatewayTests.this.heard.add(message);
					super.onMessage(message);
				}

			};
			gateway.setConnectionFactory(factory);
			gateway.setRequestChannel(
					new FixedSubscriberChannel(EchoServer.initialize(context, new EchoService(), "service")));
			EchoServer.initialize(context, gateway, "gateway").start();
			try (TestClient client = new TestClient(factory.getPort())) {
				assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
				client.reset();
			}
			await().until(() -> !registry.closedConnections().isEmpty());
			assertThat(registry.closedConnections().getFirst().reason()).isEqualTo(CloseReason.PEER_RESET);
			gateway.stop();
		}
		assertThat(this.heard).hasSize(1);
	}

}
