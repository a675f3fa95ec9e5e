package dev.echod.listener;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A relay that is stopped while its upstream owes replies.
 */
class RelayStopTests {

	private static final int REQUESTS = 20;

	/**
	 * The upstream never answers the third request; the listener is stopped while that
	 * reply is awaited.
	 */
	@Test
	void noReplyFollowsAMissingOneWhileTheRelayStops() throws Exception {
		CountDownLatch missing = new CountDownLatch(1);
		try (ServerSocket upstream = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			Thread.startVirtualThread(() -> acceptAll(upstream, missing));
			TestListener relay = TestListener.start("framing=lf", "service=relay", "relay.connections=2",
					"relay.timeout=2s", "relay.host=127.0.0.1", "relay.port=" + upstream.getLocalPort());
			try (TestClient client = new TestClient(relay.port())) {
				client.send(IntStream.range(0, REQUESTS)
					.mapToObj((i) -> "request %d\n".formatted(i))
					.collect(Collectors.joining())
					.getBytes(StandardCharsets.US_ASCII));
				assertThat(missing.await(10, TimeUnit.SECONDS)).isTrue();
				Thread stop = Thread.startVirtualThread(relay::close);
				assertThat(new String(client.receiveToEnd(), StandardCharsets.US_ASCII))
					.isEqualTo("request 0\nrequest 1\n");
				client.sendFin();
				stop.join();
			}
			finally {
				relay.close();
			}
		}
	}

	private static void acceptAll(ServerSocket upstream, CountDownLatch missing) {
		try {
			while (true) {
				Socket accepted = upstream.accept();
				Thread.startVirtualThread(() -> answer(accepted, missing));
			}
		}
		catch (IOException ex) {
			// The test is over.
		}
	}

	private static void answer(Socket accepted, CountDownLatch missing) {
		try (accepted;
				BufferedReader lines = new BufferedReader(
						new InputStreamReader(accepted.getInputStream(), StandardCharsets.US_ASCII))) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				if (line.equals("request 2")) {
					missing.countDown();
				}
				else {
					accepted.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
				}
			}
		}
		catch (IOException ex) {
			// The relay dropped the connection.
		}
	}

}
