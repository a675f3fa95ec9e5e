package dev.echod.framing;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.echod.framing.Decoding.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever comes in, in whatever pieces: what is made of it is the same, it is bounded,
 * and nothing of it is left behind. A build runs the inputs that are stored; the profile
 * {@code full} searches for others.
 */
class FramingFuzzTests {

	/**
	 * Short, so that the limits are met.
	 */
	private static final int MAX_FRAME = 32;

	private static final int MAX_HEAD = 256;

	private static final int LONGEST_HEAD = 16 * 1024;

	@FuzzTest(maxDuration = "30s")
	void lfTakesAnyBytes(byte[] bytes) {
		takes(Framing.LF, bytes);
	}

	@FuzzTest(maxDuration = "30s")
	void crlfTakesAnyBytes(byte[] bytes) {
		takes(Framing.CRLF, bytes);
	}

	@FuzzTest(maxDuration = "30s")
	void lengthOfOneByteTakesAnyBytes(byte[] bytes) {
		takes(Framing.LENGTH_1, bytes);
	}

	@FuzzTest(maxDuration = "30s")
	void lengthOfTwoBytesTakesAnyBytes(byte[] bytes) {
		takes(Framing.LENGTH_2, bytes);
	}

	@FuzzTest(maxDuration = "30s")
	void lengthOfFourBytesTakesAnyBytes(byte[] bytes) {
		takes(Framing.LENGTH_4, bytes);
	}

	@FuzzTest(maxDuration = "30s")
	void stxEtxTakesAnyBytes(byte[] bytes) {
		takes(Framing.STX_ETX, bytes);
	}

	@FuzzTest(maxDuration = "30s")
	void httpTakesAnyBytes(byte[] bytes) {
		checked(Decoding.inAnyPieces(Framing.HTTP, MAX_HEAD, bytes));
	}

	@FuzzTest(maxDuration = "30s")
	void httpTakesAnyRequests(FuzzedDataProvider data) {
		HttpScript script = HttpScript.from(data);
		Outcome outcome = Decoding.inAnyPieces(Framing.HTTP, LONGEST_HEAD, script.bytes());
		assertThat((Object) checked(outcome).texts()).as(script.toString()).isEqualTo(script.expected());
		assertThat(outcome.failure()).as(script.toString())
			.isEqualTo(script.isTruncated() ? FrameException.Kind.TRUNCATED : null);
	}

	private static void takes(Framing framing, byte[] bytes) {
		Outcome outcome = Decoding.inAnyPieces(framing, MAX_FRAME, bytes);
		Decoding.checkFrames(framing, MAX_FRAME, bytes, outcome);
	}

	/**
	 * Checks the requests that came out; nothing follows what is the last.
	 */
	private static Outcome checked(Outcome outcome) {
		for (Object message : outcome.messages()) {
			if (message instanceof HttpRequest request) {
				assertThat(request.invalid()).isIn(0, 400, 414, 431);
				assertThat(request.path()).doesNotContain("?");
				assertThat(request.invalid() == 0 || !request.keepAlive()).isTrue();
				assertThat(request.keepAlive() || request.equals(outcome.messages().getLast())).isTrue();
			}
		}
		return outcome;
	}

}
