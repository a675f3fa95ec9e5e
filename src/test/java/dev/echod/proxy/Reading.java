package dev.echod.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import dev.echod.connection.CloseReason;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a reader finds that a connection begins, whatever the pieces that the bytes come
 * in.
 */
final class Reading {

	private Reading() {
	}

	/**
	 * Reads the bytes at once, one by one, and in random pieces that are the same for the
	 * same bytes.
	 * @param required whether a header is
	 * @param trusted whether one is believed
	 * @param last how it ends when it is not known by then how it begins
	 */
	static Outcome inAnyPieces(boolean required, boolean trusted, Last last, byte[] bytes) {
		Random random = new Random(Arrays.hashCode(bytes));
		Outcome whole = read(new ProxyReader(required, trusted), last, bytes, Math.max(1, bytes.length), random);
		for (int longest : new int[] { 1, 2, 64 }) {
			Outcome inPieces = read(new ProxyReader(required, trusted), last, bytes, longest, random);
			assertThat(inPieces).as("in pieces of %d bytes at most", longest).isEqualTo(whole);
		}
		return whole;
	}

	private static Outcome read(ProxyReader reader, Last last, byte[] bytes, int longest, Random random) {
		int taken = 0;
		try {
			boolean known = false;
			while (!known && taken < bytes.length) {
				int length = (longest == bytes.length) ? longest
						: Math.min(bytes.length - taken, 1 + random.nextInt(longest));
				ByteBuffer piece = ByteBuffer.wrap(bytes, taken, length);
				known = reader.read(piece);
				taken = piece.position();
				assertThat(known || taken == piece.limit()).as("all is taken while it is not known").isTrue();
			}
			assertThat(reader.isEmpty()).isEqualTo(taken == 0);
			switch (last) {
				case FIN -> reader.end();
				case TIME_OUT -> reader.expire();
			}
			return new Outcome(reader.header(), text(reader.data()), taken, null);
		}
		catch (ProxyException ex) {
			assertThat(ex.getMessage()).isNotEmpty();
			// How much of a piece that fails is taken is of no use.
			return new Outcome(reader.header(), "", 0, ex.reason());
		}
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

	/**
	 * What is told when there are no more bytes.
	 */
	enum Last {

		FIN, TIME_OUT

	}

	/**
	 * What came of it.
	 *
	 * @param header null when there was none
	 * @param data what was taken and is data
	 * @param taken how many bytes
	 * @param failure why the connection ends; null when it does not
	 */
	record Outcome(@Nullable ProxyHeader header, String data, int taken, @Nullable CloseReason failure) {

	}

}
