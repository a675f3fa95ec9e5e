package dev.echod.framing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * How messages are read from a stream that blocks.
 */
class FrameReaderTests {

	private static final int MAX_FRAME = 1024 * 1024;

	private static InputStream input(String text) {
		return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	private static @Nullable String next(FrameReader reader) throws IOException {
		byte[] message = reader.next();
		return (message != null) ? new String(message, StandardCharsets.ISO_8859_1) : null;
	}

	@Test
	void messagesOfOneReadAreTakenOneByOne() throws Exception {
		FrameReader reader = new FrameReader(Framing.LF, MAX_FRAME, false);
		assertThat(next(reader)).isNull();
		assertThat(reader.read(input("one\n\ntwo\n"))).isEqualTo(9);
		assertThat(next(reader)).isEqualTo("one");
		assertThat(next(reader)).isEmpty();
		assertThat(next(reader)).isEqualTo("two");
		assertThat(next(reader)).isNull();
		reader.release();
	}

	@Test
	void messageOfSeveralReadsIsWhole() throws Exception {
		FrameReader reader = new FrameReader(Framing.CRLF, MAX_FRAME, false);
		String message = "x".repeat(200_000);
		InputStream input = input(message + "\r\nnext");
		String found = next(reader);
		for (int reads = 0; found == null && reads < 10; reads++) {
			assertThat(reader.read(input)).isPositive();
			found = next(reader);
		}
		assertThat(found).isEqualTo(message);
		assertThat(next(reader)).isNull();
		reader.release();
	}

	@Test
	void readTakesWhatIsThereUpToABound() throws Exception {
		List<Integer> asked = new ArrayList<>();
		FrameReader reader = new FrameReader(Framing.LENGTH_4, MAX_FRAME, false);
		for (int available : new int[] { 0, 5_000, Integer.MAX_VALUE }) {
			reader.read(new InputStream() {

				@Override
				public int read() {
					return 0;
				}

				@Override
				public int read(byte[] bytes, int offset, int length) {
					asked.add(length);
					return 0;
				}

				@Override
				public int available() {
					return available;
				}

			});
		}
		reader.release();
		assertThat(asked).containsExactly(1024, 5_000, 64 * 1024);
	}

	@Test
	void endBetweenMessagesIsTheEnd() throws Exception {
		FrameReader reader = new FrameReader(Framing.LF, MAX_FRAME, false);
		InputStream input = input("one\n");
		reader.read(input);
		assertThat(reader.read(input)).isEqualTo(-1);
		assertThat(next(reader)).isEqualTo("one");
		assertThat(next(reader)).isNull();
		reader.release();
	}

	@Test
	void endWithinAMessageIsTold() throws Exception {
		FrameReader reader = new FrameReader(Framing.LENGTH_1, MAX_FRAME, false);
		InputStream input = input("\4one");
		reader.read(input);
		assertThat(next(reader)).isNull();
		assertThat(reader.read(input)).isEqualTo(-1);
		assertThatExceptionOfType(FrameException.class).isThrownBy(reader::next)
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(FrameException.Kind.TRUNCATED));
		reader.release();
	}

	@Test
	void whereThereIsNoMemoryLittleIsReadAndNoMore() throws Exception {
		FrameReader reader = new FrameReader(Framing.LF, MAX_FRAME, false,
				new FrameShare(new Semaphore(0), new Semaphore(0)));
		String little = "x".repeat(1000);
		InputStream input = input(little + "\n" + "y".repeat(200_000) + "\n");
		assertThat(reader.read(input)).isEqualTo(1024);
		assertThat(next(reader)).isEqualTo(little);
		while (reader.read(input) > 0) {
			assertThat(next(reader)).isNull();
			assertThat(reader.isWaiting()).isFalse();
		}
		assertThat(reader.isWaiting()).isTrue();
		assertThat(input.available()).isBetween(180_000, 190_000);
		reader.release();
	}

	/**
	 * A message is read into a buffer that grows to its size; what follows it is little.
	 */
	@Test
	void memoryOfAMessageThatWasTakenIsGivenBack() throws Exception {
		Semaphore units = new Semaphore(10_000);
		FrameReader reader = new FrameReader(Framing.LF, MAX_FRAME, false, new FrameShare(units, new Semaphore(0)));
		InputStream input = input("x".repeat(900_000) + "\ny");
		while (next(reader) == null) {
			reader.read(input);
		}
		assertThat(reader.memoryBytes()).isGreaterThan(900_000);
		assertThat(next(reader)).isNull();
		assertThat(reader.memoryBytes()).isZero();
		assertThat(units.availablePermits()).isEqualTo(10_000);
		reader.release();
	}

	@Test
	void whoWaitsForMemoryIsReleasedAtTheEnd() throws Exception {
		Semaphore units = new Semaphore(0);
		FrameReader reader = new FrameReader(Framing.LF, MAX_FRAME, true, new FrameShare(units, new Semaphore(0)));
		InputStream input = input("x".repeat(100_000));
		Thread ending = Thread.startVirtualThread(() -> {
			while (!units.hasQueuedThreads()) {
				Thread.onSpinWait();
			}
			assertThat(reader.isWaiting()).isTrue();
			reader.end();
		});
		while (reader.read(input) >= 0) {
			assertThat(next(reader)).isNull();
		}
		ending.join();
		assertThat(units.availablePermits()).isZero();
		reader.release();
	}

	@Test
	void failedReadIsThrownAndWhatWasReadIsKept() throws Exception {
		FrameReader reader = new FrameReader(Framing.LF, MAX_FRAME, false);
		reader.read(input("one\ntw"));
		IOException failure = new IOException("of a test");
		assertThatThrownBy(() -> reader.read(new InputStream() {

			@Override
			public int read() throws IOException {
				throw failure;
			}

			@Override
			public int read(byte[] bytes, int offset, int length) throws IOException {
				throw failure;
			}

		})).isSameAs(failure);
		assertThat(next(reader)).isEqualTo("one");
		reader.read(input("o\n"));
		assertThat(next(reader)).isEqualTo("two");
		reader.release();
	}

}
