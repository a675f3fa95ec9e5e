package dev.echod.hostile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * Clients that send what is no message, or never the end of one.
 */
@Tag("hostile")
class ClientsThatSendNonsenseIT {

	private static final int KB = 1024;

	private static final Duration PAUSE = Duration.ofMillis(25);

	@RegisterExtension
	private static final HostileService service = new HostileService();

	@Test
	void randomBytes() throws Exception {
		for (Target target : Target.values()) {
			try (Attackers readers = Attackers.connect(service.port(target), 10);
					Attackers others = Attackers.connect(service.port(target), 10)) {
				readers.sendAndRead(TestClient.randomBytes(target.seed(), 128 * KB)).sendFin();
				others
					.sendEach(IntStream.range(0, 10)
						.mapToObj((number) -> TestClient.randomBytes(target.seed() + number, 128 * KB))
						.toList())
					.sendFin();
			}
		}
	}

	/**
	 * As many as would not fit if room were made for what they may become.
	 */
	@ParameterizedTest
	@EnumSource(names = { "LENGTH_4", "CRLF", "STX_ETX", "THREAD_LF", "THREAD_LENGTH_4", "SELECTOR_LF" })
	void beginningOfALongMessageAndNoMore(Target target) throws Exception {
		try (Attackers attackers = Attackers.connect(service.port(target), 400)) {
			attackers.sendUntilBlocked(target.beginning(), 1);
			await().until(() -> service.active(target) == attackers.number());
		}
	}

	@Test
	void oneByteAtATimeAndNoEnd() throws Exception {
		List<Attackers> all = new ArrayList<>();
		for (Target target : Target.framed().toList()) {
			Attackers attackers = Attackers.connect(service.port(target), 20);
			all.add(attackers.sendUntilBlocked(target.beginning(), 1));
		}
		for (int round = 0; round < 100; round++) {
			for (Attackers attackers : all) {
				attackers.sendUntilBlocked(Target.bytes("x"), 1);
			}
		}
		for (Attackers attackers : all) {
			attackers.close();
		}
	}

	/**
	 * Looking through the whole beginning again for each byte more takes milliseconds
	 * each time.
	 */
	@ParameterizedTest
	@EnumSource(names = { "CRLF", "THREAD_LF" })
	void longBeginningThatGrowsByteByByteCostsNoMoreThanItsBytes(Target target) throws Exception {
		try (Attackers attackers = Attackers.connect(service.port(target), 32)) {
			Duration before = service.processorTime();
			attackers.sendUntilBlocked(target.beginning(), 1).sendUntilBlocked(filler(900 * KB), 1);
			for (int i = 0; i < 100; i++) {
				attackers.sendUntilBlocked(Target.bytes("x"), 1);
				// So that each byte is a read of its own.
				LockSupport.parkNanos(PAUSE.toNanos());
			}
			assertThat(service.processorTime().minus(before)).isLessThan(Duration.ofSeconds(3));
		}
	}

	private static byte[] filler(int length) {
		return Target.bytes("x".repeat(length));
	}

	static Stream<Arguments> heads() {
		String request = "POST / HTTP/1.1\r\nHost: a\r\n";
		String chunked = request + "Transfer-Encoding: chunked\r\n\r\n";
		return Stream.of(argumentSet("short fields", request, "b:c\r\n"),
				argumentSet("folded field", request + "b: c\r\n", " d\r\n"),
				argumentSet("endless field", request + "b: ", "x"), argumentSet("endless name", request, "x"),
				argumentSet("tiny chunks", chunked, "1\r\nx\r\n"),
				argumentSet("endless trailer", chunked + "0\r\n", "b:c\r\n"),
				argumentSet("expectations", "", "GET / HTTP/1.1\r\nHost:a\r\nExpect: 100-continue\r\n\r\n"));
	}

	@ParameterizedTest
	@MethodSource("heads")
	void httpWithoutEnd(String beginning, String more) throws Exception {
		attackHttp(24, beginning, more);
	}

	@Test
	void httpWithoutEndInOtherPlaces() throws Exception {
		String request = "POST / HTTP/1.1\r\nHost: a\r\n";
		String chunked = request + "Transfer-Encoding: chunked\r\n\r\n";
		attackHttp(8, "GET /", "x");
		attackHttp(8, "", "X");
		attackHttp(8, "", "\r\n");
		attackHttp(8, "", " ");
		attackHttp(8, request, "b:\n");
		attackHttp(8, request + "b: c\r\n", "\t\r\n");
		attackHttp(8, chunked, "0");
		attackHttp(8, chunked + "1;", "x");
		attackHttp(8, request + "Content-Length: 999999999999\r\n\r\n", "x");
		attackHttp(8, "", "GET / HTTP/1.1\r\n\r\n");
		attackHttp(8, "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost:a\r\n\r\n");
	}

	private static void attackHttp(int clients, String beginning, String more) throws Exception {
		try (Attackers attackers = Attackers.connect(service.port(Target.HTTP), clients)) {
			attackers.sendUntilBlocked(Target.bytes(beginning), 1)
				.sendUntilBlocked(Target.bytes(more.repeat(64 * KB / more.length())), 16);
		}
	}

}
