package dev.echod.transport;

import java.util.Arrays;

import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.OpenConnection;
import dev.echod.gateway.NonBlockingTcpInboundGateway;
import dev.echod.testing.TestClient;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.integration.channel.FixedSubscriberChannel;
import org.springframework.integration.ip.tcp.serializer.ByteArrayLengthHeaderSerializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a deserializer has consumed is not kept, also where the beginning of another
 * message always follows.
 */
class DeserializerMemoryTests {

	private static final int MIB = 1024 * 1024;

	@Tag("long")
	@ParameterizedTest
	@MethodSource("dev.echod.transport.Transport#available")
	void messagesThatWereConsumedAreNotKept(Transport transport) throws Exception {
		ConnectionRegistry registry = new ConnectionRegistry();
		EventLoops eventLoops = EventLoops.start(transport, 1);
		NonBlockingTcpInboundGateway gateway = new NonBlockingTcpInboundGateway();
		try (GenericApplicationContext context = EchoServer.context()) {
			NettyServerConnectionFactory factory = EchoServer.initialize(context,
					new NettyServerConnectionFactory(0, eventLoops, registry), "frames");
			ByteArrayLengthHeaderSerializer frames = new ByteArrayLengthHeaderSerializer();
			frames.setMaxMessageSize(60_000);
			factory.setDeserializer(frames);
			gateway.setConnectionFactory(factory);
			gateway.setRequestChannel(new FixedSubscriberChannel(new DiscardHandler()));
			EchoServer.initialize(context, gateway, "gateway").start();
			try (TestClient client = new TestClient(factory.getPort())) {
				await().until(() -> registry.connections().size() == 1);
				OpenConnection connection = registry.connections().iterator().next();
				long before = usedMemory();
				// The end of a message, and the beginning of the next.
				byte[] piece = new byte[50_000 + Integer.BYTES + 10_000];
				piece[50_000 + 2] = (byte) (60_000 >> 8);
				piece[50_000 + 3] = (byte) 60_000;
				client.send(Arrays.copyOfRange(piece, 50_000, piece.length));
				for (int i = 1; i <= 500; i++) {
					client.send(piece);
					long all = (long) i * piece.length;
					await().pollInterval(java.time.Duration.ofMillis(1)).until(() -> connection.bytesReceived() > all);
				}
				await().until(() -> connection.messages() == 500);
				assertThat(usedMemory() - before).isLessThan(4L * MIB);
			}
			finally {
				gateway.stop();
			}
		}
		finally {
			eventLoops.close();
		}
	}

	private static long usedMemory() {
		return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
	}

}
