package dev.echod.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.echod.connection.TcpOptions;
import dev.echod.testing.Needs;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.unix.IntegerUnixChannelOption;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the sockets have that nothing shows from outside, asked of the system by its own
 * numbers.
 */
@EnabledOnOs(OS.LINUX)
class SystemOptionsTests {

	private static final TcpOptions OPTIONS = new TcpOptions(
			new TcpOptions.KeepAlive(Duration.ofSeconds(40), Duration.ofSeconds(5), 3), Duration.ofSeconds(55), 0, 0,
			40, 7, Duration.ZERO, 0, false);

	private static int ask(Channel channel, int level, int number) {
		return channel.config().getOption(new IntegerUnixChannelOption("asked", level, number));
	}

	@ParameterizedTest
	@CsvSource({ "IO_URING, 127.0.0.1", "IO_URING, ::1", "EPOLL, 127.0.0.1", "EPOLL, ::1" })
	void connectionHasThemFromItsListeningSocket(Transport transport, String address) throws Exception {
		Needs.transport(transport);
		CompletableFuture<Channel> accepted = new CompletableFuture<>();
		InetAddress local = InetAddress.ofLiteral(address);
		try (EventLoops loops = EventLoops.start(transport, 1)) {
			ServerBootstrap bootstrap = loops.serverBootstrap(local).childHandler(new ChannelInitializer<>() {
				@Override
				protected void initChannel(Channel channel) {
					accepted.complete(channel);
				}
			});
			new SystemOptions(OPTIONS).set(bootstrap, transport, local);
			Channel listening = bootstrap.bind(new InetSocketAddress(local, 0)).sync().channel();
			assertThat(ask(listening, 6, 23)).as("TCP_FASTOPEN").isEqualTo(7);
			int port = ((InetSocketAddress) listening.localAddress()).getPort();
			try (Socket client = new Socket(local, port)) {
				Channel connection = accepted.get(10, TimeUnit.SECONDS);
				assertThat(client.isConnected()).isTrue();
				assertThat(ask(connection, 1, 9)).as("SO_KEEPALIVE").isEqualTo(1);
				assertThat(ask(connection, 6, 4)).as("TCP_KEEPIDLE").isEqualTo(40);
				assertThat(ask(connection, 6, 5)).as("TCP_KEEPINTVL").isEqualTo(5);
				assertThat(ask(connection, 6, 6)).as("TCP_KEEPCNT").isEqualTo(3);
				assertThat(ask(connection, 6, 18)).as("TCP_USER_TIMEOUT").isEqualTo(55_000);
				assertThat(local.getAddress().length == 4 ? ask(connection, 0, 1) : ask(connection, 41, 67))
					.as("traffic class")
					.isEqualTo(40);
			}
		}
	}

}
