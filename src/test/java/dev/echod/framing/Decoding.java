package dev.echod.framing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Decodes a stream that comes in pieces, and checks what holds for any: the messages do
 * not depend on the pieces, little is kept, and no buffer is left behind.
 */
final class Decoding {

	/**
	 * Long streams come in larger pieces, so that a try is short.
	 */
	private static final int MOST_SMALL_PIECES = 1024;

	private final Framing framing;

	private final int maxFrame;

	/**
	 * Counts what is not released.
	 */
	private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

	private final FrameBuffer frames;

	private final boolean holding;

	private final List<ByteBuf> held = new ArrayList<>();

	private final List<Object> messages = new ArrayList<>();

	private FrameException.@Nullable Kind failure;

	/**
	 * Create one of a connection.
	 * @param holding whether messages are released in the end, not at once
	 */
	private Decoding(Framing framing, int maxFrame, boolean holding) {
		this.framing = framing;
		this.maxFrame = maxFrame;
		this.frames = new FrameBuffer(framing.decoder(maxFrame));
		this.holding = holding;
	}

	/**
	 * What is made of the bytes, whatever their pieces: these are random, but the same
	 * for the same bytes.
	 */
	static Outcome inAnyPieces(Framing framing, int maxFrame, byte[] bytes) {
		Random random = new Random(Arrays.hashCode(bytes));
		Outcome whole = new Decoding(framing, maxFrame, false).decode(bytes, Math.max(1, bytes.length), random);
		for (int longest : new int[] { 1 + bytes.length / MOST_SMALL_PIECES, 8 + bytes.length / MOST_SMALL_PIECES,
				64 + random.nextInt(2048) }) {
			Outcome inPieces = new Decoding(framing, maxFrame, random.nextBoolean()).decode(bytes, longest, random);
			assertThat((Object) inPieces.texts()).as("in pieces of %d bytes at most", longest).isEqualTo(whole.texts());
			assertThat(inPieces.failure()).as("in pieces of %d bytes at most", longest).isEqualTo(whole.failure());
		}
		return whole;
	}

	/**
	 * Checks that the frames of the messages are the bytes, as far as they were taken.
	 */
	static void checkFrames(Framing framing, int maxFrame, byte[] bytes, Outcome outcome) {
		ByteBuf written = UnpooledByteBufAllocator.DEFAULT.heapBuffer();
		try {
			for (Object message : outcome.messages()) {
				byte[] payload = ((ByteBuffer) message).array();
				assertThat(payload).hasSizeLessThanOrEqualTo(maxFrame);
				assertThat(end(framing).isEmpty() || !text(payload).contains(end(framing))).isTrue();
				written.writeBytes(framing.frame(payload));
			}
			assertThat(ByteBufUtil.getBytes(written)).isEqualTo(Arrays.copyOf(bytes, written.readableBytes()));
			assertThat(outcome.failure() == null).isEqualTo(written.readableBytes() == bytes.length);
		}
		finally {
			written.release();
		}
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

	private static String end(Framing framing) {
		return switch (framing) {
			case LF -> "\n";
			case CRLF -> "\r\n";
			case STX_ETX -> "\3";
			default -> "";
		};
	}

	private Outcome decode(byte[] bytes, int longestPiece, Random random) {
		try {
			for (int start = 0; start < bytes.length && this.failure == null;) {
				int length = Math.min(bytes.length - start,
						(longestPiece == bytes.length) ? longestPiece : 1 + random.nextInt(longestPiece));
				this.frames.add(this.allocator, this.allocator.heapBuffer(length).writeBytes(bytes, start, length));
				start += length;
				drain(bytes.length);
				checkKept(longestPiece);
			}
			if (this.failure == null) {
				end(bytes.length);
			}
		}
		finally {
			this.frames.release();
			letGo();
		}
		assertThat(this.allocator.metric().usedHeapMemory()).as("memory left behind").isZero();
		assertThat(this.allocator.metric().usedDirectMemory()).as("memory left behind").isZero();
		return new Outcome(this.messages, this.failure);
	}

	private void drain(int most) {
		try {
			Object message = this.frames.next();
			while (message != null) {
				took(message);
				assertThat(this.messages).hasSizeLessThanOrEqualTo(most);
				message = this.frames.next();
			}
		}
		catch (IOException ex) {
			assertThat(ex).isInstanceOf(FrameException.class);
			this.failure = ((FrameException) ex).kind();
		}
	}

	private void end(int most) {
		boolean within = this.frames.size() > 0;
		this.frames.end();
		drain(most);
		assertThat(this.failure).isIn(null, FrameException.Kind.TRUNCATED);
		if (this.framing != Framing.HTTP) {
			assertThat(this.failure != null).isEqualTo(within);
		}
	}

	private void took(Object message) {
		if (!(message instanceof ByteBuf bytes)) {
			this.messages.add(message);
		}
		else if (this.holding) {
			this.held.add(bytes);
			this.messages.add(bytes);
		}
		else {
			this.messages.add(copyOf(bytes));
			bytes.release();
		}
	}

	/**
	 * Messages that were held are still what they were.
	 */
	private void letGo() {
		this.messages.replaceAll((message) -> (message instanceof ByteBuf bytes) ? copyOf(bytes) : message);
		this.held.forEach(ByteBuf::release);
		assertThat(this.held).allMatch((bytes) -> bytes.refCnt() == 0);
	}

	private static ByteBuffer copyOf(ByteBuf bytes) {
		return ByteBuffer.wrap(ByteBufUtil.getBytes(bytes, bytes.readerIndex(), bytes.readableBytes(), true));
	}

	private void checkKept(int longestPiece) {
		if (this.failure == null) {
			assertThat(this.frames.size()).isLessThanOrEqualTo(this.maxFrame + Framing.OVERHEAD);
		}
		if (!this.holding) {
			assertThat(this.allocator.metric().usedHeapMemory()).as("memory kept")
				.isLessThanOrEqualTo(4L * (this.maxFrame + Framing.OVERHEAD + longestPiece));
		}
	}

	/**
	 * What came out.
	 *
	 * @param messages copies of buffers, and what else came out
	 * @param failure what ended it; null when the end of the stream did
	 */
	record Outcome(List<Object> messages, FrameException.@Nullable Kind failure) {

		List<?> texts() {
			return this.messages.stream()
				.map((message) -> (message instanceof ByteBuffer) ? message : HttpScript.text(message))
				.toList();
		}

	}

}
