package dev.echod.transport;

import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import dev.echod.connection.Arrival;
import dev.echod.connection.ArrivalFailedException;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.OpenConnection;
import dev.echod.connection.TlsDetails;
import dev.echod.testing.TestClient;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorFactoryChain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Connections that are not ready: here each is to send a {@code !} first.
 */
class ChannelArrivalTests {

	private static final String LISTENER = "arrivals";

	private static final TlsDetails TOLD = new TlsDetails("TLSv1.3", "suite", null, null, false);

	@RegisterExtension
	private final SpringFactories factories = new SpringFactories(() -> Transport.NIO);

	private final EventLoops eventLoops = EventLoops.start(Transport.NIO, 2);

	private final AtomicReference<Runnable> beforeArrival = new AtomicReference<>(() -> {
	});

	private final ConnectionRegistry registry = new ConnectionRegistry() {

		@Override
		public void arriving(String listener, Arrival arrival) {
			ChannelArrivalTests.this.beforeArrival.get().run();
			super.arriving(listener, arrival);
		}

	};

	private final List<OpenConnection> opened = new CopyOnWriteArrayList<>();

	private final NettyServerConnectionFactory server = new NettyServerConnectionFactory(0, this.eventLoops,
			this.registry);

	@BeforeEach
	void start() {
		this.registry.onOpened(this.opened::add);
		this.server.setBeanFactory(this.factories.context().getBeanFactory());
		this.server.setApplicationEventPublisher(this.factories.context());
		this.server.setBeanName(LISTENER);
		this.server.registerListener((message) -> {
		});
		this.server.await(new Exclamation());
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop();
		this.eventLoops.close();
	}

	private TestClient connect() throws Exception {
		TestClient client = new TestClient(this.server.getPort());
		await().until(() -> !this.registry.arrivals(LISTENER).isEmpty());
		return client;
	}

	private ClosedConnection awaitClosed() {
		await().until(() -> this.registry.arrivals(LISTENER).isEmpty());
		await().until(() -> this.registry.closedConnections().size() == 1);
		assertThat(this.opened).isEmpty();
		assertThat(this.registry.totals(LISTENER).opened()).isEqualTo(1);
		assertThat(this.registry.totals(LISTENER).closed()).isEqualTo(1);
		return this.registry.closedConnections().getFirst();
	}

	@Test
	void connectionIsOpenWhenAllHasCome() throws Exception {
		try (TestClient client = connect()) {
			assertThat(this.opened).isEmpty();
			assertThat(this.registry.connections()).isEmpty();
			client.send(new byte[] { '!' });
			await().until(() -> this.registry.arrivals(LISTENER).isEmpty());
			assertThat(this.opened).hasSize(1);
			assertThat(this.opened.getFirst().endpoints().tls()).isEqualTo(TOLD);
		}
	}

	@Test
	void whatComesInTheSameReadIsTheFirstMessage() throws Exception {
		try (TestClient client = connect()) {
			client.send(new byte[] { '!', 'a', 'b' });
			await().until(() -> this.opened.size() == 1 && this.opened.getFirst().bytesReceived() == 2);
		}
	}

	@Test
	void whatIsWrongEndsItWithItsReason() throws Exception {
		try (TestClient client = connect()) {
			client.send(new byte[] { '?' });
			assertThat(awaitClosed().reason()).isEqualTo(CloseReason.PROXY_UNTRUSTED);
		}
	}

	@Test
	void whoThereIsNoMemoryForHasDoneNothingWrong() throws Exception {
		try (TestClient client = connect()) {
			client.send(new byte[] { 'm' });
			assertThat(awaitClosed().reason()).isEqualTo(CloseReason.MEMORY_SHORT);
		}
	}

	@Test
	void whoLeavesInBetweenHasNotFinished() throws Exception {
		try (TestClient client = connect()) {
			client.send(new byte[] { ' ' });
			client.sendFin();
			assertThat(awaitClosed().reason()).isEqualTo(CloseReason.PROXY_INVALID);
		}
	}

	@Test
	void whoLeavesWithoutAWordIsASilentOne() throws Exception {
		connect().close();
		await().until(() -> this.registry.totals(LISTENER).silent() == 1);
		assertThat(this.registry.closedConnections()).isEmpty();
		assertThat(this.registry.totals(LISTENER).opened()).isEqualTo(1);
	}

	@Test
	void whoIsNotReadyInTimeIsReset() throws Exception {
		try (TestClient client = connect()) {
			this.registry.arrivals(LISTENER).forEach(Arrival::expire);
			assertThat(awaitClosed().reason()).isEqualTo(CloseReason.HANDSHAKE_TIMEOUT);
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.receive(1));
		}
	}

	@Test
	void whoStopsDoesNotWaitForThem() throws Exception {
		try (TestClient client = connect()) {
			this.server.stop();
			assertThat(awaitClosed().reason()).isEqualTo(CloseReason.LISTENER_STOPPED);
			assertThat(client.receiveToEnd()).isEmpty();
		}
	}

	@Tag("long")
	@Test
	void whoComesWhileTheOthersAreEndedIsEndedToo() throws Exception {
		this.beforeArrival.set(() -> CompletableFuture.runAsync(this.server::stop).join());
		try (TestClient client = new TestClient(this.server.getPort())) {
			assertThat(awaitClosed().reason()).isEqualTo(CloseReason.LISTENER_STOPPED);
			assertThat(client.receiveToEnd()).isEmpty();
		}
	}

	/**
	 * It may learn of it when it connects already.
	 */
	@Test
	void whoCannotBeAwaitedIsClosed() {
		this.server.await(new Unawaited());
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
			try (TestClient client = new TestClient(this.server.getPort())) {
				client.receive(1);
			}
		}).withMessageContaining("reset");
		assertThat(awaitClosed().reason()).isEqualTo(CloseReason.IO_ERROR);
	}

	@Test
	void whoCannotBeSetUpIsClosed() throws Exception {
		this.server.setInterceptorFactoryChain(new TcpConnectionInterceptorFactoryChain() {

			@Override
			public TcpConnectionInterceptorFactory[] getInterceptorFactories() {
				throw new IllegalStateException("Nobody can be set up");
			}

		});
		try (TestClient client = connect()) {
			client.send(new byte[] { '!' });
			assertThat(awaitClosed().reason()).isEqualTo(CloseReason.IO_ERROR);
		}
	}

	private static final class Unawaited implements ArrivalStep {

		@Override
		public void await(ChannelPipeline pipeline, ChannelArrival arrival) {
			throw new IllegalStateException("There is no engine");
		}

		@Override
		public CloseReason unfinished() {
			return CloseReason.TLS_HANDSHAKE;
		}

	}

	/**
	 * Awaits a {@code !}, takes spaces, has no memory for an {@code m}, and takes nothing
	 * else.
	 */
	private static final class Exclamation implements ArrivalStep {

		@Override
		public void await(ChannelPipeline pipeline, ChannelArrival arrival) {
			pipeline.addLast(new ChannelInboundHandlerAdapter() {

				@Override
				public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
					ByteBuf bytes = (ByteBuf) msg;
					byte first = bytes.readByte();
					if (first == '!') {
						arrival.done((ends) -> ends.encrypted(TOLD));
						ctx.fireChannelRead(bytes);
						ctx.pipeline().remove(this);
						return;
					}
					bytes.release();
					if (first == 'm') {
						throw new OutOfMemoryError("There is none");
					}
					if (first != ' ') {
						throw new ArrivalFailedException(CloseReason.PROXY_UNTRUSTED, "That is no !");
					}
				}

			});
		}

		@Override
		public CloseReason unfinished() {
			return CloseReason.PROXY_INVALID;
		}

	}

}
