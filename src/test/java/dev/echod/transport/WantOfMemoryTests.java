package dev.echod.transport;

import java.net.SocketException;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.framing.Framing;
import dev.echod.gateway.ConnectionMessageMapper;
import dev.echod.gateway.MessageConnection;
import dev.echod.gateway.NonBlockingTcpInboundGateway;
import dev.echod.testing.TestClient;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.integration.channel.FixedSubscriberChannel;
import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.integration.ip.tcp.connection.TcpSender;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.GenericMessage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Who is owed what there is no memory for is reset: a FIN would say that all has come.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.Transport#available")
class WantOfMemoryTests {

	private static final int REPLY_BYTES = 1_000;

	/**
	 * More replies than the system takes for who does not read.
	 */
	private static final int MANY = 20_000;

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Transport transport;

	private final GenericApplicationContext context = EchoServer.context();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final NonBlockingTcpInboundGateway gateway = new NonBlockingTcpInboundGateway();

	@SuppressWarnings("NullAway.Init")
	private EventLoops eventLoops;

	@SuppressWarnings("NullAway.Init")
	private NettyServerConnectionFactory factory;

	@BeforeEach
	void create() {
		this.eventLoops = EventLoops.start(this.transport, 1);
		this.factory = EchoServer.initialize(this.context,
				new NettyServerConnectionFactory(0, this.eventLoops, this.registry), "memory");
	}

	@AfterEach
	void stop() {
		this.gateway.stop();
		this.eventLoops.close();
		this.context.close();
	}

	private void start(MessageHandler service) {
		this.gateway.setConnectionFactory(this.factory);
		this.gateway.setRequestChannel(new FixedSubscriberChannel(service));
		EchoServer.initialize(this.context, this.gateway, "gateway").start();
	}

	private void assertIsReset(TestClient client) {
		await().until(() -> this.registry.closedConnections().size() == 1);
		assertThat(this.registry.closedConnections().getFirst().reason()).isEqualTo(CloseReason.MEMORY_SHORT);
		assertThatExceptionOfType(SocketException.class).isThrownBy(client::receiveToEnd);
	}

	/**
	 * A reply in a frame is put together with others; one without, when its peer is slow,
	 * into the memory that it needs.
	 */
	@ParameterizedTest
	@CsvSource({ "STREAM, false", "STREAM, true", "LF, false", "LF, true" })
	void noFinFollowsAReplyThatThereIsNoMemoryFor(Framing framing, boolean onAnotherThread) throws Exception {
		this.factory.setFrames(new Frames(framing, REPLY_BYTES));
		this.factory.registerSender(new NoMemoryForReplies());
		this.gateway.setMayBlock(onAnotherThread);
		start((request) -> {
			MessageHeaders headers = request.getHeaders();
			MessageChannel replies = (MessageChannel) requireNonNull(headers.getReplyChannel());
			for (int i = 0; i < MANY && !this.registry.connections().isEmpty(); i++) {
				replies.send(new GenericMessage<>(new byte[REPLY_BYTES], headers));
			}
			ReferenceCountUtil.release(request.getPayload());
		});
		try (TestClient client = new TestClient(this.factory.getPort())) {
			client.send(new byte[] { '\n' });
			assertIsReset(client);
		}
	}

	@Test
	void noFinFollowsAMessageThatThereIsNoMemoryFor() throws Exception {
		this.factory.setDeserializer((input) -> {
			throw new OutOfMemoryError("as the test wants it");
		});
		start(new DiscardHandler());
		try (TestClient client = new TestClient(this.factory.getPort())) {
			client.send(new byte[1]);
			assertIsReset(client);
		}
	}

	@Test
	void noFinFollowsAMessageThatTheMapperHasNoMemoryFor() throws Exception {
		this.factory.setMapper(new ConnectionMessageMapper() {

			@Override
			public Message<?> toMessage(MessageConnection connection) {
				throw new OutOfMemoryError("as the test wants it");
			}

		});
		start(new DiscardHandler());
		try (TestClient client = new TestClient(this.factory.getPort())) {
			client.send(new byte[1]);
			assertIsReset(client);
		}
	}

	/**
	 * Gives each connection memory for everything else.
	 */
	private static final class NoMemoryForReplies extends AbstractByteBufAllocator implements TcpSender {

		@Override
		public void addNewConnection(TcpConnection connection) {
			((NettyTcpConnection) connection).channel().config().setAllocator(this);
		}

		@Override
		public void removeDeadConnection(TcpConnection connection) {
		}

		@Override
		protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
			return DEFAULT.heapBuffer(initialCapacity, maxCapacity);
		}

		@Override
		protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
			if (initialCapacity == REPLY_BYTES || initialCapacity == REPLY_BYTES + Framing.OVERHEAD) {
				throw new OutOfMemoryError("as the test wants it");
			}
			return DEFAULT.directBuffer(initialCapacity, maxCapacity);
		}

		@Override
		public boolean isDirectBufferPooled() {
			return true;
		}

	}

}
