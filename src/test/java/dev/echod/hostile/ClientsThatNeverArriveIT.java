package dev.echod.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.echod.testing.ProxyHeaders;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that hold a connection and never come as far as to be served: they stop within
 * a TLS handshake, a PROXY header or their first message.
 */
@Tag("hostile")
class ClientsThatNeverArriveIT {

	/**
	 * The beginning of a ClientHello of TLS 1.2 or 1.3 that would be 512 bytes long.
	 */
	private static final byte[] HELLO = Target.bytes("\26\3\1\2\0\1\0\1\u00fc\3\3");

	private static final byte[] HEADER = Target.bytes("PROXY TCP4 192.0.2.1 ");

	private static final byte[] WHOLE_HEADER = ProxyHeaders.binary("192.0.2.1", 56324);

	/**
	 * The limits are of 2 s, kept to within two seconds; the rest is for a busy machine.
	 */
	private static final Duration LIMIT = Duration.ofSeconds(10);

	@RegisterExtension
	private static final HostileService service = new HostileService();

	@Test
	void fiveThousandAreGoneWithinTheirLimitsAndFiftyOthersAreServed() throws Exception {
		Map<Target, byte[]> beginnings = Map.of(Target.TLS, HELLO, Target.PROXY, HEADER, Target.IMPATIENT,
				Target.bytes("half a li"));
		try (Regulars regulars = new Regulars()) {
			for (int i = 0; i < 50; i++) {
				regulars.add(switch (i % 3) {
					case 0 -> service.secured(Target.TLS);
					case 1 -> new TestClient(service.port(Target.PROXY)).send(WHOLE_HEADER);
					default -> new TestClient(service.port(Target.IMPATIENT));
				});
			}
			assertGone(beginnings, 1_667);
			assertThat(regulars.end()).isEmpty();
		}
	}

	@Test
	void thoseThatThreadsWaitForAreGoneWithinTheirLimits() throws Exception {
		assertGone(Map.of(Target.TLS_THREAD, HELLO, Target.PROXY_THREAD, HEADER), 500);
	}

	@Test
	void thoseThatSayNothingAreGoneWithinTheirLimits() throws Exception {
		byte[] nothing = {};
		assertGone(Map.of(Target.TLS, nothing, Target.PROXY, nothing, Target.TLS_THREAD, nothing, Target.PROXY_THREAD,
				nothing), 250);
	}

	private static void assertGone(Map<Target, byte[]> beginnings, int each) throws IOException {
		List<Attackers> all = new ArrayList<>();
		try {
			for (Map.Entry<Target, byte[]> beginning : beginnings.entrySet()) {
				all.add(Attackers.connect(service.port(beginning.getKey()), each)
					.sendUntilBlocked(beginning.getValue(), 1));
			}
			await().atMost(LIMIT).until(() -> all.stream().allMatch(Attackers::areCutOff));
		}
		finally {
			for (Attackers attackers : all) {
				attackers.close();
			}
		}
	}

}
