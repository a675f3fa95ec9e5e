package dev.echod.listener;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.OpenConnection;
import dev.echod.connection.RefusalReason;
import dev.echod.testing.LogCapture;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.integration.core.GenericHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The services other than echo, over real connections.
 */
class ServiceTests {

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private static String receiveText(TestClient client) throws IOException {
		return new String(client.receiveToEnd(), StandardCharsets.US_ASCII);
	}

	@ParameterizedTest
	@ValueSource(strings = { "event-loop", "thread", "serial", "selector" })
	void discardTakesAllAndReturnsNothing(String concurrency) throws Exception {
		try (TestListener server = TestListener.start("service=discard", "concurrency=" + concurrency);
				TestClient client = new TestClient(server.port())) {
			client.send(new byte[3_000_000]);
			await().until(() -> server.listener().totals().bytesReceived() == 3_000_000);
			assertThat(client.sendFin().receiveToEnd()).isEmpty();
			assertThat(server.closed()).returns(3_000_000L, ClosedConnection::bytesReceived)
				.returns(0L, ClosedConnection::bytesSent);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "event-loop", "thread", "serial", "selector" })
	void beanThatHandlesBytesIsAService(String concurrency) throws Exception {
		GenericHandler<byte[]> handler = (bytes, headers) -> switch (new String(bytes, StandardCharsets.US_ASCII)) {
			case "silent" -> null;
			case "fail" -> throw new IllegalStateException("as the test wants it");
			default -> new String(bytes, StandardCharsets.US_ASCII).toUpperCase(java.util.Locale.ROOT);
		};
		try (TestListener server = TestListener.start(Map.of("upper", bytesOf(handler)), "service=upper", "framing=lf",
				"concurrency=" + concurrency); TestClient client = new TestClient(server.port())) {
			client.send(ascii("one\nsilent\ntwo\nfail\nthree\n"));
			assertThat(receiveText(client)).isEqualTo("ONE\nTWO\n");
			client.sendFin();
			assertThat(server.closed().reason()).isEqualTo(CloseReason.SERVICE_FAILED);
		}
	}

	private static GenericHandler<byte[]> bytesOf(GenericHandler<byte[]> handler) {
		return new GenericHandler<>() {

			@Override
			@SuppressWarnings("NullAway") // null is no reply
			public Object handle(byte[] payload, org.springframework.messaging.MessageHeaders headers) {
				Object reply = handler.handle(payload, headers);
				return (reply instanceof String text) ? ascii(text) : reply;
			}

		};
	}

	@Tag("long")
	@Test
	void everyoneInARoomReceivesEveryMessageInTheSameOrder() throws Exception {
		int clients = 1_000;
		int senders = 20;
		int messages = 200;
		List<List<String>> received = IntStream.range(0, clients)
			.<List<String>>mapToObj((i) -> new ArrayList<>())
			.toList();
		CountDownLatch joined = new CountDownLatch(1);
		try (TestListener server = TestListener.start("service=broadcast", "framing=lf")) {
			TestClient.inParallel(clients, (number) -> {
				try (TestClient client = new TestClient(server.port())) {
					if (number == 0) {
						await().atMost(java.time.Duration.ofSeconds(60))
							.until(() -> server.registry().connections().size() == clients);
						joined.countDown();
					}
					assertThat(joined.await(60, TimeUnit.SECONDS)).isTrue();
					if (number < senders) {
						StringBuilder lines = new StringBuilder();
						IntStream.range(0, messages)
							.forEach((i) -> lines.append(number)
								.append(':')
								.append(i)
								.append('.')
								.append("x".repeat(300))
								.append('\n'));
						client.send(ascii(lines.toString()));
					}
					BufferedReader reader = new BufferedReader(
							new InputStreamReader(client.in(), StandardCharsets.US_ASCII), 64 * 1024);
					for (int i = 0; i < senders * messages; i++) {
						String line = reader.readLine();
						received.get(number).add(line.substring(0, line.indexOf('.')));
					}
				}
			});
			assertThat(received.getFirst()).hasSize(senders * messages).doesNotHaveDuplicates();
			assertThat(received).allSatisfy((each) -> assertThat(each.equals(received.getFirst())).isTrue());
			for (int sender = 0; sender < senders; sender++) {
				String prefix = sender + ":";
				assertThat(received.getFirst().stream().filter((line) -> line.startsWith(prefix)).toList())
					.isEqualTo(IntStream.range(0, messages).mapToObj((i) -> prefix + i).toList());
			}
		}
	}

	@Test
	void slowReaderLosesItsConnectionAndNotTheRoom() throws Exception {
		int length = 30_000;
		int messages = 800;
		try (TestListener server = TestListener.start("service=broadcast", "framing=length-4", "limits.write-stall=1s");
				TestClient deaf = new TestClient(server.port())) {
			deaf.socket().setReceiveBufferSize(4096);
			String deafId = server.connection().id();
			CountDownLatch joined = new CountDownLatch(10);
			TestClient.inParallel(10, (number) -> {
				try (TestClient client = new TestClient(server.port())) {
					await().until(() -> server.registry().connections().size() == 11
							|| server.registry().connection(deafId) == null);
					joined.countDown();
					joined.await();
					Thread sender = Thread.startVirtualThread(() -> {
						try {
							for (int i = 0; number == 0 && i < messages; i++) {
								client.send(new byte[] { 0, 0, (byte) (length >> 8), (byte) length });
								client.send(TestClient.randomBytes(i, length));
							}
						}
						catch (IOException ex) {
							throw new java.io.UncheckedIOException(ex);
						}
					});
					for (int i = 0; i < messages; i++) {
						client.receive(4);
						TestClient.assertSame(client.receive(length), TestClient.randomBytes(i, length));
					}
					sender.join();
				}
			});
			await().until(() -> server.registry().connection(deafId) == null);
			assertThat(server.registry()
				.closedConnections()
				.stream()
				.filter((closed) -> closed.id().equals(deafId))
				.map(ClosedConnection::reason)).containsExactly(CloseReason.SLOW_READER);
		}
	}

	@Test
	void senderThatLeavesAtOnceGetsItsMessageFirst() throws Exception {
		try (TestListener server = TestListener.start("service=broadcast", "framing=lf")) {
			TestClient.inParallel(50, (number) -> {
				try (TestClient client = new TestClient(server.port())) {
					String mine = "from %d\n".formatted(number);
					client.send(ascii(mine)).sendFin();
					assertThat(receiveText(client)).contains(mine);
				}
			});
		}
	}

	@Test
	void senderIsLeftOutWhereAsked() throws Exception {
		try (TestListener server = TestListener.start("service=broadcast", "framing=lf", "include-sender=false");
				TestClient one = new TestClient(server.port());
				TestClient two = new TestClient(server.port())) {
			await().until(() -> server.registry().connections().size() == 2);
			one.send(ascii("from one\n"));
			assertThat(two.receive(9)).isEqualTo(ascii("from one\n"));
			two.send(ascii("from two\n"));
			assertThat(one.receive(9)).isEqualTo(ascii("from two\n"));
			assertThat(one.sendFin().receiveToEnd()).isEmpty();
		}
	}

	@Test
	void echoClientThatDoesNotReadLosesItsConnection() throws Exception {
		try (TestListener server = TestListener.start("limits.write-stall=1s");
				TestClient client = new TestClient(server.port())) {
			Thread sender = Thread.startVirtualThread(() -> {
				try {
					client.send(new byte[20_000_000]);
				}
				catch (IOException ex) {
					// Reset, as is to be seen below.
				}
			});
			assertThat(server.closed().reason()).isEqualTo(CloseReason.SLOW_READER);
			sender.join();
		}
	}

	private static final String OK = "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\n"
			+ "content-length: 5\r\n\r\nhello";

	private static TestListener http() {
		return TestListener.start("service=http", "framing=http", "max-frame=8KB");
	}

	@Test
	void hundredPipelinedRequestsInOneWriteAreAnsweredInOrder() throws Exception {
		try (TestListener server = http(); TestClient client = new TestClient(server.port())) {
			StringBuilder requests = new StringBuilder();
			StringBuilder replies = new StringBuilder();
			for (int i = 0; i < 100; i++) {
				boolean found = i % 3 > 0;
				requests.append("GET /%s HTTP/1.1\r\nHost: x\r\n\r\n".formatted(found ? "?" + i : "none"));
				replies.append(found ? OK
						: OK.replace("200 OK", "404 Not Found").replace("h: 5", "h: 0").replace("hello", ""));
			}
			client.send(ascii(requests.toString()));
			assertThat(new String(client.receive(replies.length()), StandardCharsets.US_ASCII))
				.isEqualTo(replies.toString());
			assertThat(client.sendFin().receiveToEnd()).isEmpty();
			assertThat(server.closed()).returns(100L, ClosedConnection::messages)
				.returns((long) requests.length(), ClosedConnection::bytesReceived)
				.returns((long) replies.length(), ClosedConnection::bytesSent);
		}
	}

	@Test
	void requestInPiecesOfOneByteIsAnswered() throws Exception {
		try (TestListener server = http(); TestClient client = new TestClient(server.port())) {
			for (byte piece : ascii("GET / HTTP/1.1\r\nHost: x\r\n\r\n")) {
				client.out().write(piece);
			}
			assertThat(client.receive(OK.length())).isEqualTo(ascii(OK));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "rubbish | HTTP/1.1 400", "GET / HTTP/1.1\\r\\nA: b | HTTP/1.1 400",
			"GET / HTTP/1.1\\r\\nHost: x\\r\\nConnection: close | HTTP/1.1 200", "GET / HTTP/1.0 | HTTP/1.0 200",
			"HEAD / HTTP/1.0 | HTTP/1.0 200", "DELETE / HTTP/1.0 | HTTP/1.0 405", "GET /%s HTTP/1.1 | HTTP/1.1 414",
			"GET / HTTP/1.1\\r\\nX: %s | HTTP/1.1 431",
			"POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz | HTTP/1.1 400" })
	void connectionIsClosedAfterTheAnswerTo(String request, String answer) throws Exception {
		try (TestListener server = http(); TestClient client = new TestClient(server.port())) {
			client.send(ascii(request.formatted("x".repeat(20_000)).replace("\\r\\n", "\r\n") + "\r\n\r\n"));
			assertThat(receiveText(client)).startsWith(answer).containsOnlyOnce("HTTP/1");
			client.sendFin();
			assertThat(server.closed().reason()).isEqualTo(CloseReason.CLOSED);
		}
	}

	@Test
	void endWithinARequestIsAReasonOfItsOwn() throws Exception {
		for (String part : List.of("GET / HT", "GET / HTTP/1.1\r\nHost: x\r\n",
				"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")) {
			try (TestListener server = http(); TestClient client = new TestClient(server.port())) {
				assertThat(client.send(ascii(part)).sendFin().receiveToEnd()).isEmpty();
				assertThat(server.closed().reason()).as(part).isEqualTo(CloseReason.TRUNCATED_FRAME);
			}
		}
	}

	@Test
	void clientThatExpectsToContinueIsTold() throws Exception {
		try (TestListener server = http(); TestClient client = new TestClient(server.port())) {
			client.send(ascii("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
			assertThat(client.receive(25)).isEqualTo(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
			client.send(ascii("abc"));
			assertThat(client.receive(12)).isEqualTo(ascii("HTTP/1.1 405"));
		}
	}

	@Test
	void framesPassTwoRelaysInOrder() throws Exception {
		try (TestListener far = TestListener.start("framing=length-4");
				TestListener middle = relayTo(far.port(), "relay.connections=16");
				TestListener near = relayTo(middle.port(), "relay.connections=16")) {
			TestClient.inParallel(200, (number) -> {
				ByteArrayOutputStream frames = new ByteArrayOutputStream();
				for (int i = 0; i < 20; i++) {
					byte[] message = TestClient.randomBytes(number * 100L + i, 1 + (number * i) % 2_000);
					frames.writeBytes(new byte[] { 0, 0, (byte) (message.length >> 8), (byte) message.length });
					frames.writeBytes(message);
				}
				try (TestClient client = new TestClient(near.port())) {
					TestClient.assertSame(client.send(frames.toByteArray()).sendFin().receiveToEnd(),
							frames.toByteArray());
				}
			});
			assertThat(far.listener().totals().messages()).isEqualTo(4_000);
			assertThat(near.listener().checkUpstream()).isNull();
		}
	}

	private static TestListener relayTo(int port, String... more) {
		List<String> properties = new ArrayList<>(
				List.of("framing=length-4", "service=relay", "relay.host=127.0.0.1", "relay.port=" + port));
		properties.addAll(List.of(more));
		return TestListener.start(properties.toArray(String[]::new));
	}

	@Test
	void upstreamThatDiesMixesUpNoReplyAndEveryClientLearnsIt() throws Exception {
		TestListener far = TestListener.start("framing=length-4");
		try (TestListener middle = relayTo(far.port(), "relay.timeout=20s");
				TestListener near = relayTo(middle.port(), "relay.timeout=30s")) {
			CountDownLatch flowing = new CountDownLatch(200);
			Thread killer = Thread.startVirtualThread(() -> {
				try {
					flowing.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				for (OpenConnection connection : far.registry().connections()) {
					connection.reset(CloseReason.OPERATOR_CLOSED);
				}
				far.close();
			});
			TestClient.inParallel(200, (number) -> {
				try (TestClient client = new TestClient(near.port())) {
					boolean learnt = false;
					for (int i = 0; !learnt; i++) {
						byte[] frame = new byte[] { 0, 0, 0, 8, 0, 0, (byte) (number >> 8), (byte) number, 0, 0,
								(byte) (i >> 8), (byte) i };
						client.send(frame);
						byte[] reply = client.receive(frame.length);
						learnt = reply.length == 0;
						if (!learnt) {
							assertThat(reply).isEqualTo(frame);
						}
						if (i == 2) {
							flowing.countDown();
						}
					}
				}
				finally {
					flowing.countDown();
				}
			});
			killer.join();
			await().until(() -> near.registry().closedConnections().size() == 200);
			assertThat(near.registry().closedConnections().stream().map(ClosedConnection::reason))
				.containsOnly(CloseReason.UPSTREAM);
			assertThat(middle.listener().checkUpstream()).startsWith("upstream 127.0.0.1:").contains("refused");
		}
	}

	@Test
	void upstreamThatIsSlowClosesItsClient() throws Exception {
		try (TestListener far = TestListener.start("framing=length-4", "service=discard");
				TestListener near = relayTo(far.port(), "relay.timeout=1s");
				TestClient client = new TestClient(near.port())) {
			assertThat(client.send(new byte[] { 0, 0, 0, 1, 7 }).receiveToEnd()).isEmpty();
			assertThat(near.listener().checkUpstream()).contains("no reply in time");
			client.sendFin();
			assertThat(near.closed().reason()).isEqualTo(CloseReason.UPSTREAM);
		}
	}

	@Test
	void serialServesOneClientWhileTheOthersWait() throws Exception {
		try (TestListener server = TestListener.start("concurrency=serial");
				TestClient first = new TestClient(server.port());
				TestClient second = new TestClient(server.port())) {
			second.send(new byte[] { 2 });
			for (int i = 0; i < 100; i++) {
				assertThat(first.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			}
			assertThat(second.in().available()).isZero();
			assertThat(server.registry().connections()).hasSize(1);
			assertThat(first.sendFin().receiveToEnd()).isEmpty();
			assertThat(second.receive(1)).containsExactly(2);
		}
	}

	@Test
	void processSeesTheClientsFinAndItsOutputIsDelivered() throws Exception {
		try (TestListener server = TestListener.start("concurrency=process", "command=wc,-c");
				TestClient client = new TestClient(server.port())) {
			assertThat(new String(client.send(new byte[300_000]).sendFin().receiveToEnd(), StandardCharsets.US_ASCII))
				.isEqualTo("300000\n");
			assertThat(server.closed().reason()).isEqualTo(CloseReason.PEER_CLOSED);
		}
	}

	@Test
	void processThatEndsDeliversItsOutputFirstAndItsErrorsAreLogged() throws Exception {
		try (LogCapture log = new LogCapture();
				TestListener server = TestListener.start("concurrency=process",
						"command=sh,-c,echo oops >&2; head -c 3000000 /dev/zero");
				TestClient client = new TestClient(server.port())) {
			assertThat(client.receiveToEnd()).hasSize(3_000_000);
			client.sendFin();
			assertThat(server.closed().reason()).isEqualTo(CloseReason.PROCESS_ENDED);
			await().until(() -> log.atLeast(Level.INFO).stream().anyMatch((line) -> line.endsWith("test-1: oops")));
		}
	}

	@Test
	void processOfAConnectionThatIsResetIsKilledWithItsChildren() throws Exception {
		try (TestListener server = TestListener.start("concurrency=process",
				"command=sh,-c,sleep 1000 & echo up; wait"); TestClient client = new TestClient(server.port())) {
			assertThat(client.receive(3)).isEqualTo(ascii("up\n"));
			List<ProcessHandle> processes = ProcessHandle.current().descendants().toList();
			assertThat(processes).hasSizeGreaterThanOrEqualTo(2);
			server.connection().reset(CloseReason.DRAIN_DEADLINE);
			await().until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
			assertThat(server.closed().reason()).isEqualTo(CloseReason.DRAIN_DEADLINE);
		}
	}

	@Tag("long")
	@Test
	void orphanOfAProcessHoldsNoConnection() throws Exception {
		try (TestListener server = TestListener.start("concurrency=process", "processes=1",
				"command=sh,-c,sleep 30 & echo $!"); TestClient client = new TestClient(server.port())) {
			String orphan = new String(client.in().readNBytes(1), StandardCharsets.US_ASCII);
			for (int next = client.in().read(); next != '\n'; next = client.in().read()) {
				orphan += (char) next;
			}
			server.connection().reset(CloseReason.DRAIN_DEADLINE);
			assertThat(server.closed().reason()).isEqualTo(CloseReason.DRAIN_DEADLINE);
			ProcessHandle.of(Long.parseLong(orphan)).ifPresent(ProcessHandle::destroyForcibly);
			await().ignoreExceptions().until(() -> {
				try (TestClient next = new TestClient(server.port())) {
					return next.receive(1).length == 1;
				}
			});
		}
	}

	@Tag("long")
	@Test
	void slowReaderThatReadsKeepsItsConnection() throws Exception {
		byte[] bytes = TestClient.randomBytes(3, 8_000_000);
		try (TestListener server = TestListener.start("limits.write-stall=2s");
				TestClient client = new TestClient(server.port())) {
			client.socket().setReceiveBufferSize(64 * 1024);
			Thread sender = Thread.startVirtualThread(() -> {
				try {
					client.send(bytes);
				}
				catch (IOException ex) {
					throw new java.io.UncheckedIOException(ex);
				}
			});
			ByteArrayOutputStream received = new ByteArrayOutputStream();
			while (received.size() < bytes.length) {
				received.writeBytes(client.receive(Math.min(200_000, bytes.length - received.size())));
				java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
			}
			sender.join();
			TestClient.assertSame(received.toByteArray(), bytes);
		}
	}

	@Tag("long")
	@Test
	void drainedConnectionThatIgnoresOurFinCanStillBeClosed() throws Exception {
		for (String concurrency : List.of("event-loop", "thread")) {
			try (TestListener server = TestListener.start("concurrency=" + concurrency);
					TestClient client = new TestClient(server.port())) {
				client.send(new byte[] { 1 }).receive(1);
				server.connection().closeIfQuiet(java.time.Duration.ZERO, CloseReason.DRAINED);
				assertThat(client.receiveToEnd()).isEmpty();
				server.connection().close(CloseReason.OPERATOR_CLOSED);
				assertThat(server.closed().reason()).isEqualTo(CloseReason.DRAINED);
			}
		}
	}

	@Test
	void upstreamThatSpeaksUnaskedIsNotTakenForAReply() throws Exception {
		try (ServerSocket upstream = new ServerSocket(0);
				TestListener relay = TestListener.start("framing=lf", "service=relay", "relay.connections=1",
						"relay.host=127.0.0.1", "relay.port=" + upstream.getLocalPort())) {
			Thread.startVirtualThread(() -> {
				try {
					while (true) {
						java.net.Socket accepted = upstream.accept();
						Thread.startVirtualThread(() -> answerTwice(accepted));
					}
				}
				catch (IOException ex) {
					// The test is over.
				}
			});
			try (TestClient one = new TestClient(relay.port()); TestClient two = new TestClient(relay.port())) {
				assertThat(one.send(ascii("one\n")).receive(4)).isEqualTo(ascii("one\n"));
				one.sendFin().receiveToEnd();
				await().until(() -> relay.registry().connections().size() == 1);
				assertThat(two.send(ascii("two\n")).receive(4)).isEqualTo(ascii("two\n"));
			}
		}
	}

	private static void answerTwice(java.net.Socket accepted) {
		try (accepted;
				BufferedReader lines = new BufferedReader(
						new InputStreamReader(accepted.getInputStream(), StandardCharsets.US_ASCII))) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				accepted.getOutputStream().write(ascii("%s\n%s again\n".formatted(line, line)));
			}
		}
		catch (IOException ex) {
			// The relay dropped the connection.
		}
	}

	@Test
	void longestLineIsAnsweredWhenItsDelimiterComesInTwoPieces() throws Exception {
		try (TestListener server = TestListener.start("framing=crlf", "max-frame=8B");
				TestClient client = new TestClient(server.port())) {
			client.send(ascii("12345678\r"));
			await().until(() -> server.connection().bytesReceived() == 9);
			assertThat(client.send(ascii("\n")).receive(10)).isEqualTo(ascii("12345678\r\n"));
			assertThat(client.send(ascii("123456789\r\n")).receiveToEnd()).isEmpty();
		}
	}

	@Test
	void clientBeyondTheProcessLimitIsRefusedAndCounted() throws Exception {
		try (TestListener server = TestListener.start("concurrency=process", "processes=1");
				TestClient served = new TestClient(server.port())) {
			assertThat(served.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			try (TestClient refused = new TestClient(server.port())) {
				assertThat(refused.receiveToEnd()).isEmpty();
			}
			assertThat(server.registry().refusals("test", RefusalReason.PROCESS_LIMIT)).isEqualTo(1);
			assertThat(served.send(new byte[] { 2 }).receive(1)).containsExactly(2);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"service=http framing=lf | The http service and the http framing need each other",
			"service=echo framing=http | The http service and the http framing need each other",
			"service=http framing=http concurrency=thread | The http service needs concurrency event-loop",
			"service=broadcast concurrency=thread | The broadcast service needs concurrency event-loop",
			"service=shout | It takes echo, discard, broadcast, http, relay, or the name of a bean",
			"concurrency=process command=no-such-program | There is no such program",
			"concurrency=process command=/etc/passwd | There is no such program, or it may not be run",
			"concurrency=process framing=lf | it needs framing stream",
			"concurrency=process service=discard | the service is test.command; leave it away",
			"service=relay framing=lf | The relay service needs",
			"service=relay relay.host=127.0.0.1 relay.port=7 | a framing that tells where a reply ends: lf, crlf",
			"service=relay framing=lf port=7777 relay.host=localhost relay.port=7777 | The relay would relay to itself",
			"max-frame=0B | It must be from 1 bytes to 64MB",
			"proxy-protocol.mode=required | It needs the ranges of addresses that the proxies have",
			"proxy-protocol.mode=optional | 0.0.0.0/0 is everyone",
			"proxy-protocol.mode=required proxy-protocol.trusted=::1 concurrency=selector | With concurrency selector it is off",
			"access.allow=10.0.0.0/8 access.deny=::1,10.0.0.0/8 | 10.0.0.0/8 is allowed as well: a range is in one list" })
	void whatDoesNotFitTogetherIsRefused(String properties, String message) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> TestListener.start(properties.split(" ")))
			.satisfies((failure) -> assertThat(String.valueOf(failure.getReason()).replace("echod.listeners.", ""))
				.contains(message));
	}

}
