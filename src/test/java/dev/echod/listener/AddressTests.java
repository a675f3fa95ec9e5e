package dev.echod.listener;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;

import dev.echod.connection.OpenConnection;
import dev.echod.testing.Breadth;
import dev.echod.transport.Transport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A listener is reached at the address that was said, and at no other, whatever serves.
 */
class AddressTests {

	private static final String IPV4 = "127.0.0.1";

	private static final String IPV6 = "::1";

	/**
	 * Each way to serve, with each address and those that reach it.
	 */
	static Stream<Arguments> addresses() {
		return Stream
			.concat(Breadth.transports().stream().map((transport) -> Arguments.of("event-loop", transport)),
					Stream.of("thread", "serial", "process", "selector")
						.map((concurrency) -> Arguments.of(concurrency, Transport.AUTO)))
			.flatMap((way) -> Stream
				.of(Arguments.of("0.0.0.0", List.of(IPV4)), Arguments.of("::", List.of(IPV4, IPV6)),
						Arguments.of(IPV4, List.of(IPV4)), Arguments.of(IPV6, List.of(IPV6)))
				.map((address) -> Arguments.of(way.get()[0], way.get()[1], address.get()[0], address.get()[1])));
	}

	@Tag("long")
	@ParameterizedTest
	@MethodSource("addresses")
	void whatIsSaidIsBound(String concurrency, Transport transport, String address, List<String> reached)
			throws Exception {
		try (TestListener server = TestListener.on(transport, "concurrency=" + concurrency, "address=" + address)) {
			assertReached(server, reached);
			server.listener().pause();
			assertReached(server, List.of());
			server.listener().resume();
			assertReached(server, reached);
		}
	}

	private static void assertReached(TestListener server, List<String> reached) throws IOException {
		for (String target : List.of(IPV4, IPV6)) {
			assertThat(isReached(server, target)).as(target).isEqualTo(reached.contains(target));
		}
	}

	private static boolean isReached(TestListener server, String target) throws IOException {
		try (Socket client = new Socket()) {
			client.connect(new InetSocketAddress(InetAddress.ofLiteral(target), server.port()), 10_000);
			client.setSoTimeout(10_000);
			client.getOutputStream().write(7);
			assertThat(client.getInputStream().read()).isEqualTo(7);
			OpenConnection connection = server.connection();
			assertThat(connection.endpoints().peer()).isEqualTo(client.getLocalSocketAddress());
			assertThat(connection.endpoints().local()).isEqualTo(client.getRemoteSocketAddress());
			client.shutdownOutput();
			assertThat(client.getInputStream().read()).isEqualTo(-1);
			server.closed();
			return true;
		}
		catch (ConnectException ex) {
			return false;
		}
	}

}
