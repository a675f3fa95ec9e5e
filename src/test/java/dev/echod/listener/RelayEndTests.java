package dev.echod.listener;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A relay that is stopped, or loses its client, while its upstream owes replies.
 */
class RelayEndTests {

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

	@Test
	void upstreamIsNotAskedForAClientThatIsGone() throws Exception {
		BlockingQueue<String> asked = new LinkedBlockingQueue<>();
		CountDownLatch mayAnswer = new CountDownLatch(1);
		try (ServerSocket upstream = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				TestListener relay = TestListener.start("framing=lf", "service=relay", "relay.connections=1",
						"relay.timeout=20s", "relay.host=127.0.0.1", "relay.port=" + upstream.getLocalPort())) {
			Thread.startVirtualThread(() -> answerLater(upstream, asked, mayAnswer));
			try (TestClient gone = new TestClient(relay.port()); TestClient other = new TestClient(relay.port())) {
				gone.send("gone\n".repeat(REQUESTS).getBytes(StandardCharsets.US_ASCII));
				assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo("gone");
				gone.reset();
				await().until(() -> relay.registry().connections().size() == 1);
				mayAnswer.countDown();
				other.send("other\n".getBytes(StandardCharsets.US_ASCII));
				assertThat(new String(other.receive(6), StandardCharsets.US_ASCII)).isEqualTo("other\n");
			}
			assertThat(asked).containsExactly("other");
		}
	}

	private static void answerLater(ServerSocket upstream, BlockingQueue<String> asked, CountDownLatch mayAnswer) {
		try (Socket accepted = upstream.accept();
				BufferedReader lines = new BufferedReader(
						new InputStreamReader(accepted.getInputStream(), StandardCharsets.US_ASCII))) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				asked.add(line);
				mayAnswer.await();
				accepted.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
			}
		}
		catch (IOException | InterruptedException ex) {
			// The relay dropped the connection.
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
