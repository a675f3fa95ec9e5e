package dev.echod.transport;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.framing.Framing;
import dev.echod.gateway.NonBlockingTcpInboundGateway;
import dev.echod.testing.LogCapture;
import dev.echod.testing.TestClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.integration.channel.FixedSubscriberChannel;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorFactoryChain;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorSupport;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A buffer whose sending fails, with interceptors around the connection, is released
 * once.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.Transport#available")
class FailingSendTests {

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Transport transport;

	private final GenericApplicationContext context = EchoServer.context();

	@SuppressWarnings("NullAway.Init")
	private EventLoops eventLoops;

	private final NonBlockingTcpInboundGateway gateway = new NonBlockingTcpInboundGateway();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final LogCapture log = new LogCapture();

	@BeforeEach
	void start() {
		this.eventLoops = EventLoops.start(this.transport, 1);
	}

	@AfterEach
	void nothingIsReleasedTwiceOrNever() {
		try (LogCapture captured = this.log) {
			this.gateway.stop();
			this.eventLoops.close();
			this.context.close();
			System.gc();
			ByteBufAllocator.DEFAULT.buffer().release();
			assertThat(captured.atLeast(Level.WARN))
				.noneMatch((line) -> line.contains("LEAK") || line.contains("release") || line.contains("refCnt"));
		}
	}

	private NettyServerConnectionFactory factory() {
		return EchoServer.initialize(this.context, new NettyServerConnectionFactory(0, this.eventLoops, this.registry),
				"failing");
	}

	private NettyServerConnectionFactory intercepted(TcpConnectionInterceptorFactory interceptor) {
		NettyServerConnectionFactory factory = factory();
		TcpConnectionInterceptorFactoryChain chain = new TcpConnectionInterceptorFactoryChain();
		chain.setInterceptor(interceptor);
		factory.setInterceptorFactoryChain(chain);
		return factory;
	}

	private void start(NettyServerConnectionFactory factory, MessageHandler service) {
		this.gateway.setConnectionFactory(factory);
		this.gateway.setRequestChannel(new FixedSubscriberChannel(service));
		EchoServer.initialize(this.context, this.gateway, "gateway").start();
	}

	private static void reply(Message<?> request) {
		assertThat(request.getHeaders().getReplyChannel()).isInstanceOf(MessageChannel.class);
		((MessageChannel) java.util.Objects.requireNonNull(request.getHeaders().getReplyChannel())).send(request);
	}

	@Test
	void replyThatAnInterceptorRefusesIsReleasedOnce() throws Exception {
		NettyServerConnectionFactory factory = intercepted(() -> new TcpConnectionInterceptorSupport(this.context) {

			@Override
			public void send(Message<?> message) {
				throw new MessagingException(message, "as the test wants it");
			}

		});
		start(factory, FailingSendTests::reply);
		for (int i = 0; i < 5; i++) {
			try (TestClient client = new TestClient(factory.getPort())) {
				assertThat(client.send(new byte[100]).receiveToEnd()).isEmpty();
			}
		}
	}

	@Test
	void replyThatComesAfterTheConnectionsEndIsReleasedOnce() throws Exception {
		CountDownLatch gone = new CountDownLatch(1);
		CountDownLatch handled = new CountDownLatch(1);
		NettyServerConnectionFactory factory = intercepted(() -> new TcpConnectionInterceptorSupport(this.context) {
		});
		this.gateway.setMayBlock(true);
		start(factory, (request) -> {
			try {
				assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
				reply(request);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			finally {
				handled.countDown();
			}
		});
		try (TestClient client = new TestClient(factory.getPort())) {
			client.send(new byte[100]);
			await().until(() -> this.registry.totals("failing").messages() == 1);
			client.reset();
		}
		await().until(() -> this.registry.connections().isEmpty());
		gone.countDown();
		assertThat(handled.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void replyThatItsFrameCannotHoldIsReleasedOnce() throws Exception {
		NettyServerConnectionFactory factory = factory();
		factory.setFrames(new Frames(Framing.LENGTH_1, 255));
		start(factory,
				(request) -> reply(new GenericMessage<>(
						Unpooled.wrappedBuffer((ByteBuf) request.getPayload(), Unpooled.wrappedBuffer(new byte[200])),
						request.getHeaders())));
		try (TestClient client = new TestClient(factory.getPort())) {
			byte[] message = new byte[1 + 100];
			message[0] = 100;
			assertThat(client.send(message).receiveToEnd()).isEmpty();
		}
	}

}
