package dev.echod.client.load;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * What a load finds out about servers that echo, and about some that do not.
 */
class LoadTests {

	/**
	 * Of what histograms count, in nanoseconds: a thousandth.
	 */
	private static final double ROUNDING = TimeUnit.MILLISECONDS.toNanos(1);

	private static void echo(Socket socket, int messages) throws IOException {
		for (int i = 0; i < messages; i++) {
			socket.getOutputStream().write(socket.getInputStream().readNBytes(64));
		}
	}

	@Test
	void asManyMessagesAsWereAskedForComeBackAndAreCounted() throws Exception {
		try (Peer peer = Peer.echo()) {
			LoadResult result = Loads.run(peer.port(), "--connections 7 --messages 10000 --size 1-300 --depth 5");
			assertThat(result.verdict()).as("%s", result).isEqualTo(Verdict.VALID);
			assertThat(result.figures().messages()).isEqualTo(10_000);
			assertThat(result.figures().bytes()).isEqualTo(peer.received());
			assertThat(result.figures().service().getTotalCount()).isEqualTo(10_000);
			assertThat(result.figures().ends(ConnectionEnd.OURS)).isEqualTo(7);
			assertThat(peer.accepted()).isEqualTo(7);
		}
	}

	@Test
	void asManyBytesAsWereAskedForComeBack() throws Exception {
		try (Peer peer = Peer.echo()) {
			LoadResult result = Loads.run(peer.port(), "--connections 3 --bytes 30MB --size 5MB --depth 2");
			assertThat(result.verdict()).as("%s", result).isEqualTo(Verdict.VALID);
			assertThat(result.figures().bytes()).isEqualTo(30 * 1024 * 1024).isEqualTo(peer.received());
		}
	}

	/**
	 * Who sends much before it reads, to a peer that does not read before it is read
	 * from, would wait for ever.
	 */
	@Test
	void muchInFlightToAServerThatReadsWhatIsTakenFromItComesBack() throws Exception {
		try (Peer peer = new Peer((server, socket) -> {
			socket.setSendBufferSize(4096);
			byte[] bytes = new byte[1024];
			for (int length = 0; length >= 0; length = socket.getInputStream().read(bytes)) {
				socket.getOutputStream().write(bytes, 0, length);
			}
		})) {
			LoadResult result = Loads.run(peer.port(), "--bytes 64MB --size 1MB --depth 64");
			assertThat(result.verdict()).as("%s", result).isEqualTo(Verdict.VALID);
		}
	}

	/**
	 * On a machine that does not get round to it, the warm-up is longer the next time.
	 */
	@Test
	void whatIsSentToWarmUpDoesNotCount() throws Exception {
		try (Peer peer = Peer.echo()) {
			long before = 0;
			for (int millis = 50; peer.received() == before && millis < 60_000; millis *= 4) {
				before = peer.received() + 10 * 64;
				LoadResult result = Loads.run(peer.port(), "--messages 10 --warm-up %dms".formatted(millis));
				assertThat(result.figures().messages()).isEqualTo(10);
			}
			assertThat(peer.received()).isGreaterThan(before);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "uniform", "poisson" })
	void openLoopSendsItsRateAndAllOfItIsAnswered(String arrival) throws Exception {
		try (Peer peer = Peer.echo()) {
			LoadResult result = Loads.run(peer.port(),
					"--connections 5 --rate 1000 --depth 10 --duration 1s --arrival " + arrival);
			assertThat(result.errors()).as("%s", result).isZero();
			assertThat(result.figures().unsent()).isZero();
			assertThat(result.figures().messages()).isCloseTo(1000, within(arrival.equals("uniform") ? 1L : 200L));
			assertThat(peer.received()).isEqualTo(result.figures().bytes());
			assertThat(result.figures().lag().getTotalCount()).isEqualTo(result.figures().messages());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "stream", "lf", "crlf", "length-1", "length-2", "length-4", "stx-etx" })
	void messagesOfEachFramingComeBack(String framing) throws Exception {
		try (Peer peer = Peer.echo()) {
			LoadResult result = Loads.run(peer.port(), "--messages 500 --size 1-200 --framing " + framing);
			assertThat(result.verdict()).as("%s", result).isEqualTo(Verdict.VALID);
			assertThat(result.figures().messages()).isEqualTo(500);
		}
	}

	@Test
	void halfClosedConnectionsHaveAllRepliesBeforeThePeersFin() throws Exception {
		try (Peer peer = new Peer((server, socket) -> {
			byte[] all = socket.getInputStream().readAllBytes();
			socket.getOutputStream().write(all);
		})) {
			LoadResult result = Loads.run(peer.port(), "--connections 4 --messages 400 --depth 1000 --half-close");
			assertThat(result.verdict()).as("%s", result).isEqualTo(Verdict.VALID);
			assertThat(result.figures().messages()).isEqualTo(400);
			assertThat(result.figures().ends(ConnectionEnd.OURS)).isEqualTo(4);
		}
	}

	@Test
	void halfClosedConnectionWhoseRepliesAreMissingIsFound() throws Exception {
		try (Peer peer = new Peer((server, socket) -> {
			byte[] all = socket.getInputStream().readAllBytes();
			socket.getOutputStream().write(all, 0, all.length - 1);
		})) {
			assertFailed(Loads.run(peer.port(), "--messages 100 --depth 1000 --half-close"), ConnectionEnd.CUT_SHORT,
					"the peer's FIN came, and 1 bytes did not");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "--depth 1", "--depth 16", "--rate 20000 --depth 4" })
	void corruptedByteIsFound(String options) throws Exception {
		try (Peer peer = Peer.echo((bytes, length, before, out) -> {
			if (before <= 200_000 && before + length > 200_000) {
				bytes[(int) (200_000 - before)] ^= 1;
			}
			out.write(bytes, 0, length);
		})) {
			LoadResult result = Loads.run(peer.port(), "--messages 10000 " + options);
			assertFailed(result, ConnectionEnd.MISMATCH, "byte 200001 is 0x");
			assertThat(result.figures().unsent()).isPositive();
		}
	}

	@Test
	void droppedReplyIsFound() throws Exception {
		try (Peer peer = new Peer((server, socket) -> {
			for (int i = 0; i < 1000; i++) {
				byte[] message = socket.getInputStream().readNBytes(64);
				if (i != 500) {
					socket.getOutputStream().write(message);
				}
			}
		})) {
			assertFailed(Loads.run(peer.port(), "--messages 1000 --depth 2"), ConnectionEnd.MISMATCH,
					"byte 32001 is 0x", ": a reply is missing");
		}
	}

	@Test
	void repeatedReplyIsFound() throws Exception {
		try (Peer peer = new Peer((server, socket) -> {
			for (int i = 0; i < 1000; i++) {
				byte[] message = socket.getInputStream().readNBytes(64);
				socket.getOutputStream().write(message);
				if (i == 500) {
					socket.getOutputStream().write(message);
				}
			}
		})) {
			LoadResult result = Loads.run(peer.port(), "--messages 1000 --depth 4");
			assertFailed(result, ConnectionEnd.MISMATCH, "byte 32065 is 0x", ": a reply came again");
		}
	}

	@Test
	void moreThanWasSentIsFound() throws Exception {
		try (Peer peer = Peer.echo((bytes, length, before, out) -> {
			out.write(bytes, 0, length);
			out.write(bytes, 0, 1);
		})) {
			LoadResult result = Loads.run(peer.port(), "--messages 100 --verify none");
			assertFailed(result, ConnectionEnd.MISMATCH, "bytes came that were not sent");
		}
	}

	@Test
	void finWithBytesOwedIsFound() throws Exception {
		try (Peer peer = new Peer((server, socket) -> {
			echo(socket, 100);
			socket.getInputStream().readNBytes(64);
			socket.shutdownOutput();
			socket.getInputStream().read();
		})) {
			LoadResult result = Loads.run(peer.port(), "--messages 1000");
			assertFailed(result, ConnectionEnd.CUT_SHORT, "the peer's FIN came, and 64 bytes did not");
			assertThat(result.figures().messages()).isEqualTo(100);
			assertThat(result.figures().unanswered()).isOne();
			assertThat(result.figures().unsent()).isEqualTo(899);
		}
	}

	@Test
	void resetIsFound() throws Exception {
		try (Peer peer = new Peer((server, socket) -> {
			socket.getInputStream().readNBytes(64);
			socket.setSoLinger(true, 0);
		})) {
			LoadResult result = Loads.run(peer.port(), "--messages 1000");
			assertFailed(result, ConnectionEnd.RESET, "");
			assertThat(result.failures().getFirst().what()).isEqualTo("Connection reset by peer");
		}
	}

	@Test
	void whoNeverAnswersIsFound() throws Exception {
		try (Peer peer = new Peer(
				(server, socket) -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()))) {
			LoadResult result = Loads.run(peer.port(), "--connections 2 --messages 1000 --depth 3 --timeout 1s");
			assertFailed(result, ConnectionEnd.TIMED_OUT, "no reply for 1 s");
			assertThat(result.figures().unanswered()).isEqualTo(6);
			assertThat(result.figures().unsent()).isEqualTo(994);
		}
	}

	@Test
	void whoIsResetIsConnectedAgainWhenToldTo() throws Exception {
		AtomicInteger connections = new AtomicInteger();
		try (Peer peer = new Peer((server, socket) -> {
			if (connections.incrementAndGet() < 3) {
				echo(socket, 10);
				socket.getInputStream().readNBytes(64);
				socket.setSoLinger(true, 0);
			}
			else {
				socket.getInputStream().transferTo(socket.getOutputStream());
			}
		})) {
			LoadResult result = Loads.run(peer.port(), "--messages 100 --reconnect");
			assertFailed(result, ConnectionEnd.RESET, "");
			assertThat(result.figures().ends(ConnectionEnd.RESET)).isEqualTo(2);
			assertThat(result.figures().reconnects()).isEqualTo(2);
			assertThat(result.figures().messages()).isEqualTo(98);
			assertThat(result.figures().unsent()).isZero();
		}
	}

	/**
	 * As a service does that is drained: not a byte is lost, so it has not failed. Where
	 * a message crosses the FIN it does not come back, and that is found as well.
	 */
	@Test
	void whoGetsAFinWhileNothingIsOwedIsConnectedAgain() throws Exception {
		AtomicInteger drained = new AtomicInteger();
		AtomicInteger crossed = new AtomicInteger();
		try (Peer peer = new Peer((server, socket) -> {
			echo(socket, 2);
			socket.shutdownOutput();
			(socket.getInputStream().readAllBytes().length == 0 ? drained : crossed).incrementAndGet();
		})) {
			LoadResult result = Loads.run(peer.port(), "--messages 7 --rate 7 --reconnect");
			long ended = result.figures().reconnects() + 1;
			await().untilAsserted(() -> assertThat(drained.get() + crossed.get()).isEqualTo(ended));
			assertThat(result.figures().ends(ConnectionEnd.CUT_SHORT)).as("%s", result).isEqualTo(crossed.get());
			// The last had nothing more to send, and has closed itself.
			assertThat(result.figures().ends(ConnectionEnd.DRAINED) + result.figures().ends(ConnectionEnd.OURS))
				.isEqualTo(drained.get());
			assertThat(result.figures().messages()).isEqualTo(7 - crossed.get());
			assertThat(result.figures().unanswered()).isEqualTo(crossed.get());
			assertThat(result.figures().longestGap()).isPositive();
			assertThat(result.verdict() == Verdict.TARGET_FAILED).isEqualTo(crossed.get() > 0);
		}
	}

	@Test
	void whoIsGoneForGoodIsFound() throws Exception {
		try (Peer peer = new Peer((server, socket) -> {
			echo(socket, 1);
			server.close();
		})) {
			LoadResult result = Loads.run(peer.port(), "--rate 10 --duration 1s --reconnect");
			assertFailed(result, ConnectionEnd.NOT_CONNECTED, "Connection refused");
			assertThat(result.isConnected()).isTrue();
			assertThat(result.figures().messages()).isOne();
		}
	}

	@Test
	void refusedConnectionsAreFound() throws Exception {
		int port;
		try (ServerSocket closed = new ServerSocket(0)) {
			port = closed.getLocalPort();
		}
		LoadResult result = Loads.run(port, "--connections 300");
		assertFailed(result, ConnectionEnd.NOT_CONNECTED, "Connection refused");
		assertThat(result.isConnected()).isFalse();
	}

	/**
	 * Who never accepts costs each that is tried the time-out: all would take a minute.
	 */
	@Tag("long")
	@Test
	@Timeout(30)
	void manyConnectionsAreNotTriedWhereTheFirstHundredFailed() throws Exception {
		try (Peer silent = new Peer((server, socket) -> socket.getInputStream().readAllBytes())) {
			LoadResult result = Loads.run(silent.port(), "--connections 6000 --tls --timeout 1s");
			assertFailed(result, ConnectionEnd.NOT_CONNECTED, "not set up in time");
			assertThat(result.figures().ends(ConnectionEnd.NOT_CONNECTED)).isBetween(100L, 200L);
			assertThat(result.figures().unsent()).isZero();
		}
	}

	@Test
	void connectionsAreMadeAtTheirRate() throws Exception {
		try (Peer peer = Peer.echo()) {
			long begin = System.nanoTime();
			LoadResult result = Loads.run(peer.port(), "--connections 10 --connect-rate 20 --messages 10");
			assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(400));
			assertThat(result.verdict()).isEqualTo(Verdict.VALID);
		}
	}

	@Test
	void connectionsThatRampUpSendAtOnceAndCountWhenAllAreMade() throws Exception {
		try (Peer peer = Peer.echo()) {
			LoadResult result = Loads.run(peer.port(), "--connections 4 --ramp-up 300ms --messages 400");
			assertThat(result.verdict()).isEqualTo(Verdict.VALID);
			assertThat(result.figures().messages()).isEqualTo(400);
			assertThat(peer.received()).isGreaterThan(400 * 64);
		}
	}

	@Test
	void connectionsThatOnlyStayDoSoUntilTheOthersHaveDoneAll() throws Exception {
		try (Peer peer = Peer.echo()) {
			LoadResult result = Loads.run(peer.port(), "--connections 2 --idle 20 --messages 100 --depth 4");
			assertThat(result.verdict()).as("%s", result).isEqualTo(Verdict.VALID);
			assertThat(peer.accepted()).isEqualTo(22);
			assertThat(peer.received()).isEqualTo(100 * 64);
			assertThat(result.figures().ends(ConnectionEnd.OURS)).isEqualTo(22);
		}
	}

	@Tag("long")
	@ParameterizedTest
	@ValueSource(strings = { "", "--reconnect" })
	void connectionThatOnlyStaysIsMadeAgainWhenItIsDrained(String option) throws Exception {
		AtomicInteger connections = new AtomicInteger();
		try (Peer peer = new Peer((server, socket) -> {
			if (connections.incrementAndGet() > 1) {
				socket.getInputStream().read();
			}
		})) {
			LoadResult result = Loads.run(peer.port(), ("--connections 0 --idle 1 --duration 4s " + option).strip());
			assertThat(result.verdict()).as("%s", result).isEqualTo(Verdict.VALID);
			assertThat(result.figures().ends(ConnectionEnd.DRAINED)).isOne();
			assertThat(result.figures().reconnects()).isOne();
			assertThat(result.figures().ends(ConnectionEnd.OURS)).isOne();
		}
	}

	/**
	 * It would have waited for ever.
	 */
	@Test
	@Timeout(60)
	void connectionThatOnlyStaysWaitsForAFinNoLongerThanOthers() throws Exception {
		CountDownLatch over = new CountDownLatch(1);
		try (Peer peer = new Peer((server, socket) -> over.await())) {
			LoadResult result = Loads.run(peer.port(),
					"--connections 0 --idle 1 --duration 100ms --half-close --timeout 300ms");
			assertFailed(result, ConnectionEnd.TIMED_OUT, "no FIN for 300 ms");
		}
		finally {
			over.countDown();
		}
	}

	/**
	 * As messages of a script that is shorter, which is more than a long holds on the
	 * way.
	 */
	@Test
	void manyBytesThatCouldNotBeSentAreCounted() throws Exception {
		try (Peer peer = new Peer((server, socket) -> socket.getInputStream().read())) {
			LoadResult result = Loads.run(peer.port(), "--bytes 1000TB --size 1");
			assertThat(result.figures().unsent()).isCloseTo(1000L << 40, within(1L << 10));
		}
	}

	@Tag("long")
	@Test
	void whoSendsToAConnectionThatOnlyStaysIsFound() throws Exception {
		try (Peer peer = new Peer((server, socket) -> {
			socket.getOutputStream().write(1);
			socket.getInputStream().read();
		})) {
			LoadResult result = Loads.run(peer.port(), "--connections 0 --idle 1 --duration 5s");
			assertFailed(result, ConnectionEnd.MISMATCH, "byte 1 is 0x01, not 0x");
		}
	}

	@Tag("long")
	@ParameterizedTest
	@ValueSource(strings = { "--depth 4", "--rate 1000", "--half-close" })
	void connectionWhoseLifetimeIsOverEndsInOrderAndAnotherTakesItsPlace(String options) throws Exception {
		try (Peer peer = Peer.echo()) {
			LoadRun[] run = new LoadRun[1];
			run[0] = new LoadRun(Loads.plan("--connections 2 --warm-up 0 --duration 1h --lifetime 100ms " + options),
					Loads.trial(peer.port()), (interval) -> {
						if (peer.accepted() > 4) {
							run[0].stop();
						}
					});
			LoadResult result = run[0].run();
			assertThat(result.errors()).as("%s", result).isZero();
			assertThat(result.figures().unsent()).isZero();
			assertThat(result.figures().ends(ConnectionEnd.OURS)).isEqualTo(peer.accepted());
			assertThat(result.figures().reconnects()).isZero();
			assertThat(result.figures().bytes()).isEqualTo(peer.received());
		}
	}

	@Test
	void connectionsComeFromTheAddressesInTurnAndSaySoBeforeAllElse() throws Exception {
		Set<String> headers = ConcurrentHashMap.newKeySet();
		try (Peer peer = new Peer((server, socket) -> {
			byte[] begin = socket.getInputStream().readNBytes("PROXY TCP4 127.0.0.2 127.0.0.1".length());
			headers.add(new String(begin, StandardCharsets.US_ASCII));
			for (int last = 0; last != '\n';) {
				last = socket.getInputStream().read();
			}
			socket.getInputStream().transferTo(socket.getOutputStream());
		})) {
			LoadResult result = Loads.run(peer.port(),
					"--connections 4 --messages 40 --source 127.0.0.2,127.0.0.3 --proxy-protocol v1");
			assertThat(result.verdict()).as("%s", result).isEqualTo(Verdict.VALID);
			assertThat(headers).containsExactlyInAnyOrder("PROXY TCP4 127.0.0.2 127.0.0.1",
					"PROXY TCP4 127.0.0.3 127.0.0.1");
		}
	}

	@Test
	void runThatIsStoppedTellsWhatThereIs() throws Exception {
		try (Peer peer = Peer.echo()) {
			LoadRun[] run = new LoadRun[1];
			run[0] = new LoadRun(Loads.plan("--warm-up 0 --duration 1h"), Loads.trial(peer.port()), (interval) -> {
				if (interval.figures().messages() > 0) {
					run[0].stop();
				}
			});
			LoadResult result = run[0].run();
			assertThat(result.verdict()).isEqualTo(Verdict.VALID);
			assertThat(result.figures().messages()).isPositive();
			assertThat(result.seconds()).isLessThan(60);
		}
	}

	@Test
	void runThatIsStoppedWhileItConnectsEnds() throws Exception {
		CompletableFuture<Void> accepted = new CompletableFuture<>();
		try (Peer peer = new Peer((server, socket) -> {
			accepted.complete(null);
			socket.getInputStream().transferTo(socket.getOutputStream());
		})) {
			CompletableFuture<Integer> told = new CompletableFuture<>();
			LoadRun run = new LoadRun(Loads.plan("--connections 9 --ramp-up 1h"), Loads.trial(peer.port()),
					new LoadRun.Observer() {

						@Override
						public void connecting(int made) {
							if (made > 0) {
								told.complete(made);
							}
						}

						@Override
						public void measured(LoadRun.Interval interval) {
						}

					});
			accepted.thenCombine(told, (connected, made) -> made).thenRun(run::stop);
			LoadResult result = run.run();
			assertThat(told).isCompletedWithValue(1);
			assertThat(result.errors()).as("%s", result).isZero();
			assertThat(result.figures().unsent()).isZero();
			assertThat(result.figures().ends(ConnectionEnd.OURS)).isOne();
		}
	}

	/**
	 * Whoever waits for a reply before it sends the next message hardly sees that the
	 * server stalls; whoever is due sees it. What is right is known from the server,
	 * however slow the machine is.
	 */
	@Test
	@Tag("long")
	void serverThatStallsIsSeenInTheResponseTimesAndNotInTheServiceTimes() throws Exception {
		LongAdder replies = new LongAdder();
		LongAdder replyTimes = new LongAdder();
		AtomicLong begin = new AtomicLong(Long.MAX_VALUE);
		long zero = System.nanoTime();
		try (Peer peer = new Peer((server, socket) -> {
			byte[] bytes = new byte[64];
			while (socket.getInputStream().readNBytes(bytes, 0, bytes.length) == bytes.length) {
				stall();
				replies.increment();
				replyTimes.add(System.nanoTime() - zero);
				socket.getOutputStream().write(bytes);
			}
		})) {
			LoadResult result = new LoadRun(
					Loads.plan("--connections 5 --rate 1000 --duration 10s --warm-up 0 --event-loops 1"),
					Loads.trial(peer.port()),
					(interval) -> begin.accumulateAndGet(System.nanoTime() - zero - interval.nanos(), Math::min))
				.run();
			Histogram response = result.figures().response();
			Histogram service = result.figures().service();
			assertThat(result.errors()).as("%s", result).isZero();
			// On a machine that has time for the client.
			boolean inTime = result.figures().lag().getMean() < TimeUnit.MILLISECONDS.toNanos(1);
			assertThat(result.verdict() == Verdict.VALID || !inTime).as("%s: %s", result.late(), result).isTrue();
			assertThat(response.getTotalCount()).isEqualTo(10_000).isEqualTo(replies.sum());
			// Of 1,000 messages in a second 200 wait, and the last of them for nothing.
			assertThat(response.getValueAtPercentile(99)).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(185));
			double due = begin.get() + TimeUnit.MILLISECONDS.toNanos(9_999) / 2.0;
			double server = replyTimes.sum() / 10_000.0 - due;
			assertThat(response.getMean()).isBetween(server - ROUNDING, server + service.getMean() + ROUNDING);
			// At most one message of a connection is with the server when that stalls.
			long half = TimeUnit.MILLISECONDS.toNanos(100);
			long longest = TimeUnit.HOURS.toNanos(1);
			assertThat(service.getMaxValue()).isGreaterThan(half);
			assertThat(response.getCountBetweenValues(half, longest))
				.isGreaterThan(5 * service.getCountBetweenValues(half, longest));
		}
	}

	/**
	 * Stands still for the first fifth of each second, on all connections.
	 */
	private static void stall() {
		long second = TimeUnit.SECONDS.toNanos(1);
		long left = TimeUnit.MILLISECONDS.toNanos(200) - System.nanoTime() % second;
		for (; left > 0; left = TimeUnit.MILLISECONDS.toNanos(200) - System.nanoTime() % second) {
			LockSupport.parkNanos(left);
		}
	}

	private static void assertFailed(LoadResult result, ConnectionEnd end, String... texts) {
		assertThat(result.verdict()).as("%s", result).isEqualTo(Verdict.TARGET_FAILED);
		assertThat(result.figures().ends(end)).isPositive();
		assertThat(result.failures()).anySatisfy((failure) -> {
			assertThat(failure.end()).isEqualTo(end);
			assertThat(failure.what()).contains(texts);
		});
	}

}
