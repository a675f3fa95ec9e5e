package dev.echod.transport;

import java.nio.charset.StandardCharsets;

import ch.qos.logback.classic.Level;
import dev.echod.framing.Framing;
import dev.echod.gateway.NonBlockingTcpInboundGateway;
import dev.echod.testing.LogCapture;
import dev.echod.testing.TestClient;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.integration.channel.FixedSubscriberChannel;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A group whose members are on event loops that do not end together.
 */
class ConnectionGroupTests {

	private static final byte[] LINE = "line\n".getBytes(StandardCharsets.US_ASCII);

	private final GenericApplicationContext context = EchoServer.context();

	private final ConnectionGroup group = new ConnectionGroup(Framing.LF);

	private NettyServerConnectionFactory factory(EventLoops eventLoops) {
		NettyServerConnectionFactory factory = EchoServer.initialize(this.context,
				new NettyServerConnectionFactory(0, eventLoops), "members");
		factory.setFrames(new Frames(Framing.LF, 1024));
		factory.registerSender(this.group);
		return factory;
	}

	private NonBlockingTcpInboundGateway serve(NettyServerConnectionFactory factory) {
		NonBlockingTcpInboundGateway gateway = new NonBlockingTcpInboundGateway();
		gateway.setConnectionFactory(factory);
		gateway.setRequestChannel(new FixedSubscriberChannel((message) -> this.group.send(message, true)));
		EchoServer.initialize(this.context, gateway, "gateway").start();
		return gateway;
	}

	@Test
	void membersGoOnWhenTheEventLoopOfOthersHasEnded() throws Exception {
		EventLoops ending = EventLoops.start(Transport.NIO, 1);
		EventLoops staying = EventLoops.start(Transport.NIO, 1);
		NettyServerConnectionFactory first = factory(ending);
		NettyServerConnectionFactory second = factory(staying);
		serve(first);
		NonBlockingTcpInboundGateway gateway = serve(second);
		try (LogCapture log = new LogCapture()) {
			try (TestClient gone = new TestClient(first.getPort());
					TestClient client = new TestClient(second.getPort())) {
				assertThat(gone.send(LINE).receive(LINE.length)).isEqualTo(LINE);
				ending.close();
				for (int i = 0; i < 10; i++) {
					assertThat(client.send(LINE).receive(LINE.length)).isEqualTo(LINE);
				}
			}
			System.gc();
			ByteBufAllocator.DEFAULT.buffer().release();
			assertThat(log.atLeast(Level.WARN)).isEmpty();
		}
		finally {
			gateway.stop();
			staying.close();
			this.context.close();
		}
	}

}
