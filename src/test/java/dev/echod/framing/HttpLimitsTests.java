package dev.echod.framing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is refused of a request beside its head (RFC 9112, sections 3.2 and 7.1.2).
 */
class HttpLimitsTests {

	private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";

	private static int invalid(String request) throws IOException {
		FrameBuffer frames = new FrameBuffer(Framing.HTTP.decoder(64 * 1024));
		try {
			frames.add(ByteBufAllocator.DEFAULT, Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
			return (frames.next() instanceof HttpRequest found) ? found.invalid() : -1;
		}
		finally {
			frames.release();
		}
	}

	private static String fields(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "a%d: b\r\n".formatted(i)).collect(Collectors.joining());
	}

	@Test
	void trailersWithinTheLimitsAreTaken() throws Exception {
		assertThat(invalid(CHUNKED + fields(100) + "\r\n")).isZero();
	}

	@Test
	void moreThanAHundredTrailersAreTooMany() throws Exception {
		assertThat(invalid(CHUNKED + fields(101) + "\r\n")).isEqualTo(431);
	}

	@Test
	void moreThanSixteenKilobytesOfTrailersAreTooMany() throws Exception {
		assertThat(invalid(CHUNKED + "X: " + "x".repeat(17 * 1024) + "\r\n\r\n")).isEqualTo(431);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.0", "1.1" })
	void twoHostsAreRefusedWhateverTheVersion(String version) throws Exception {
		assertThat(invalid("GET / HTTP/%s\r\nHost: a\r\nHost: b\r\n\r\n".formatted(version))).isEqualTo(400);
	}

}
