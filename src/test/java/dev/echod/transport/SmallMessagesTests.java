package dev.echod.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.TimeLimits;
import dev.echod.connection.Watch;
import dev.echod.framing.Framing;
import dev.echod.gateway.NonBlockingTcpInboundGateway;
import dev.echod.service.EchoService;
import dev.echod.testing.UsedHeap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.integration.channel.FixedSubscriberChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Messages so small that what their keeping costs is more than they are. The system's
 * buffers are small as well, so that the service is left with what its clients do not
 * read.
 */
class SmallMessagesTests {

	private static final int KIB = 1024;

	private static final int LINES = 128 * KIB;

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final EventLoops eventLoops = EventLoops.start(Transport.AUTO, 1);

	private final GenericApplicationContext context = EchoServer.context();

	private final NonBlockingTcpInboundGateway gateway = new NonBlockingTcpInboundGateway();

	private final Watch watch = new Watch(this.registry.connections("small"), this.registry.arrivals("small"),
			new TimeLimits(Duration.ofSeconds(3), Duration.ZERO, Duration.ZERO, Duration.ZERO), () -> Long.MAX_VALUE);

	private final List<Socket> clients = new ArrayList<>();

	private NettyServerConnectionFactory start(Framing framing) {
		NettyServerConnectionFactory factory = new NettyServerConnectionFactory(0, this.eventLoops, this.registry);
		factory.setFrames(new Frames(framing, 64 * KIB));
		factory.setSoSendBufferSize(4 * KIB);
		EchoServer.initialize(this.context, factory, "small");
		this.gateway.setConnectionFactory(factory);
		this.gateway.setRequestChannel(
				new FixedSubscriberChannel(EchoServer.initialize(this.context, new EchoService(), "service")));
		EchoServer.initialize(this.context, this.gateway, "gateway").start();
		return factory;
	}

	@AfterEach
	void stop() throws IOException {
		for (Socket client : this.clients) {
			client.close();
		}
		this.gateway.stop();
		this.watch.stop();
		this.eventLoops.close();
		this.context.close();
	}

	private Socket connect(NettyServerConnectionFactory factory) throws IOException {
		Socket socket = new Socket();
		this.clients.add(socket);
		socket.setReceiveBufferSize(4 * KIB);
		socket.setSoTimeout(10_000);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), factory.getPort()));
		return socket;
	}

	private static Thread send(Socket socket, byte[] bytes) {
		return Thread.startVirtualThread(() -> {
			try {
				socket.getOutputStream().write(bytes);
				socket.shutdownOutput();
			}
			catch (IOException ex) {
				// Reset; who reads sees it.
			}
		});
	}

	@Tag("long")
	@Test
	void steadyReaderOfManyLinesKeepsItsConnection() throws Exception {
		Socket client = connect(start(Framing.LF));
		this.watch.start("small");
		Thread sender = send(client, HexFormat.of().parseHex("0a".repeat(LINES)));
		for (int received = 0; received < LINES; received += 2 * KIB) {
			assertThat(client.getInputStream().readNBytes(2 * KIB)).as("after %d bytes", received).hasSize(2 * KIB);
			LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
		}
		sender.join();
	}

	@Tag("long")
	@ParameterizedTest
	@CsvSource({ "LF, 0a", "CRLF, 0d0a", "LENGTH_1, 00", "LENGTH_2, 0000", "STX_ETX, 0203" })
	void linesThatNobodyReadsAreBoundedByWhatTheyCost(Framing framing, String message) throws Exception {
		int clients = 4;
		NettyServerConnectionFactory factory = start(framing);
		byte[] messages = HexFormat.of().parseHex(message.repeat(LINES / message.length() * 2));
		long before = UsedHeap.bytes();
		for (int i = 0; i < clients; i++) {
			send(connect(factory), messages);
		}
		await().during(Duration.ofMillis(500))
			.atMost(Duration.ofSeconds(30))
			.until(() -> this.registry.connections().stream().filter((open) -> open.pendingBytes() > 0).count(),
					(waiting) -> waiting == clients);
		assertThat(this.registry.connections())
			.allSatisfy((open) -> assertThat(open.pendingBytes()).isLessThan(1024 * KIB));
		// Finding leaks costs a kilobyte or two for each buffer.
		assertThat(UsedHeap.bytes() - before).isLessThan(clients * 16L * 1024 * KIB);
	}

}
