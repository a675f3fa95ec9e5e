package dev.echod.framing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What taking messages out of received bytes costs, and how it ends and changes.
 */
class FrameBufferTests {

	private static final int MAX_FRAME = 1024 * 1024;

	private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

	private @Nullable FrameBuffer opened;

	@AfterEach
	void nothingIsLeftBehind() {
		if (this.opened != null) {
			this.opened.release();
		}
		assertThat(this.allocator.metric().usedHeapMemory()).isZero();
	}

	private FrameBuffer frames(Framing framing) {
		FrameBuffer frames = new FrameBuffer(framing.decoder(MAX_FRAME));
		this.opened = frames;
		return frames;
	}

	private void add(FrameBuffer frames, byte... bytes) {
		frames.add(this.allocator, this.allocator.heapBuffer(Math.max(1, bytes.length)).writeBytes(bytes));
	}

	private void add(FrameBuffer frames, String text) {
		add(frames, text.getBytes(StandardCharsets.ISO_8859_1));
	}

	private static @Nullable String next(FrameBuffer frames) throws IOException {
		Object message = frames.next();
		if (message == null) {
			return null;
		}
		ByteBuf bytes = (ByteBuf) message;
		try {
			return bytes.toString(StandardCharsets.ISO_8859_1);
		}
		finally {
			bytes.release();
		}
	}

	private long memory() {
		return this.allocator.metric().usedHeapMemory();
	}

	@ParameterizedTest
	@EnumSource(names = { "LF", "CRLF", "STX_ETX" })
	void bytesThatWereSearchedAreNotSearchedAgain(Framing framing) throws Exception {
		int length = 10_000;
		byte[] frame = framing.frame("x".repeat(length).getBytes(StandardCharsets.ISO_8859_1));
		CountingBuffer bytes = new CountingBuffer(this.allocator, frame.length);
		FrameDecoder decoder = framing.decoder(MAX_FRAME);
		Object message = null;
		for (byte next : frame) {
			assertThat(message).isNull();
			bytes.writeByte(next);
			message = decoder.decode(bytes);
		}
		assertThat(message).isInstanceOfSatisfying(ByteBuf.class,
				(found) -> assertThat(found.readableBytes()).isEqualTo(length));
		assertThat(bytes.searched).isLessThanOrEqualTo(frame.length);
		bytes.release(2);
	}

	@Test
	void lineFeedsThatEndNothingAreNotSearchedAgain() throws Exception {
		CountingBuffer bytes = new CountingBuffer(this.allocator, 10_000);
		FrameDecoder decoder = Framing.CRLF.decoder(MAX_FRAME);
		for (int i = 0; i < 10_000; i++) {
			bytes.writeByte('\n');
			assertThat(decoder.decode(bytes)).isNull();
		}
		assertThat(bytes.searched).isLessThanOrEqualTo(10_000);
		bytes.release();
	}

	@Test
	void bytesThatWereTakenAreLetGoThoughSomeAreAlwaysLeft() throws Exception {
		FrameBuffer frames = frames(Framing.LF);
		add(frames, "first");
		for (int i = 0; i < 10_000; i++) {
			add(frames, "\n" + "x".repeat(100));
			assertThat(next(frames)).isNotNull();
			assertThat(next(frames)).isNull();
			assertThat(frames.size()).isEqualTo(100);
			assertThat(memory()).isLessThanOrEqualTo(1024);
		}
	}

	@Test
	void bufferOfALongMessageIsNotKeptForTheNext() throws Exception {
		FrameBuffer frames = frames(Framing.LF);
		String message = "x".repeat(500_000);
		for (int i = 0; i < 100; i++) {
			add(frames, "x".repeat(5_000));
			assertThat(next(frames)).isNull();
		}
		add(frames, "\ny");
		assertThat(next(frames)).isEqualTo(message);
		assertThat(next(frames)).isNull();
		assertThat(frames.size()).isOne();
		assertThat(memory()).isLessThanOrEqualTo(1024);
	}

	@Test
	void messagesThatAreUnderWayKeepNoMoreThanTheirBytes() throws Exception {
		FrameBuffer frames = frames(Framing.LF);
		List<ByteBuf> messages = new ArrayList<>();
		add(frames, "x");
		for (int i = 0; i < 1_000; i++) {
			add(frames, "%03d\nx".formatted(i));
			messages.add((ByteBuf) frames.next());
		}
		assertThat(memory()).isLessThanOrEqualTo(1_000 * 5 * 4);
		for (int i = 0; i < 1_000; i++) {
			assertThat(messages.get(i).toString(StandardCharsets.US_ASCII)).isEqualTo("x%03d".formatted(i));
			messages.get(i).release();
		}
	}

	@Test
	void nothingIsKeptBetweenMessages() throws Exception {
		FrameBuffer frames = frames(Framing.LF);
		add(frames, "one\n");
		assertThat(next(frames)).isEqualTo("one");
		assertThat(frames.size()).isZero();
		assertThat(memory()).isZero();
	}

	@Test
	void lengthThatIsClaimedTakesNoMemory() throws Exception {
		FrameBuffer frames = frames(Framing.LENGTH_4);
		add(frames, (byte) 0, (byte) 0x10, (byte) 0, (byte) 0);
		add(frames, "some");
		assertThat(next(frames)).isNull();
		assertThat(frames.size()).isEqualTo(8);
		assertThat(memory()).isLessThanOrEqualTo(1024);
	}

	@Test
	void lengthBeyondTheLongestIsRefusedBeforeTheMessageComes() {
		FrameBuffer frames = frames(Framing.LENGTH_4);
		add(frames, (byte) 0, (byte) 0x10, (byte) 0, (byte) 1);
		assertThatExceptionOfType(FrameException.class).isThrownBy(frames::next)
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(FrameException.Kind.TOO_LONG));
	}

	@ParameterizedTest
	@EnumSource(names = { "LF", "CRLF", "LENGTH_1", "LENGTH_2", "LENGTH_4", "STX_ETX" })
	void endWithinAFrameIsTold(Framing framing) throws Exception {
		FrameBuffer frames = frames(framing);
		byte[] frame = framing.frame("one".getBytes(StandardCharsets.US_ASCII));
		add(frames, frame);
		add(frames, frame[0]);
		frames.end();
		assertThat(next(frames)).isEqualTo("one");
		assertThatExceptionOfType(FrameException.class).isThrownBy(frames::next)
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(FrameException.Kind.TRUNCATED));
	}

	@ParameterizedTest
	@EnumSource
	void endBetweenMessagesIsNoFailure(Framing framing) throws Exception {
		FrameBuffer frames = frames(framing);
		assertThat(frames.next()).isNull();
		frames.end();
		assertThat(frames.next()).isNull();
		assertThat(frames.next()).isNull();
	}

	@Test
	void messagesAreTakenInAnotherWayFromNowOn() throws Exception {
		FrameBuffer frames = frames(Framing.LF);
		add(frames, "one\n\0\3two\2three");
		assertThat(next(frames)).isEqualTo("one");
		frames.decodeWith(Framing.LENGTH_2.decoder(MAX_FRAME));
		assertThat(next(frames)).isEqualTo("two");
		frames.decodeWith(Framing.STX_ETX.decoder(MAX_FRAME));
		assertThat(next(frames)).isNull();
		add(frames, "\3");
		assertThat(next(frames)).isEqualTo("three");
	}

	@Test
	void decoderThatIsReplacedIsLetGo() {
		List<String> released = new ArrayList<>();
		FrameBuffer frames = new FrameBuffer(new FrameDecoder() {

			@Override
			public @Nullable Object decode(ByteBuf bytes) {
				return null;
			}

			@Override
			public void release() {
				released.add("first");
			}

		});
		this.opened = frames;
		frames.decodeWith(Framing.LF.decoder(MAX_FRAME));
		assertThat(released).containsExactly("first");
		frames.release();
		assertThat(released).containsExactly("first");
	}

	@Test
	void failureIsTheOneThatWasMet() {
		FrameBuffer frames = frames(Framing.LF);
		IOException failure = new IOException("of a test");
		assertThatThrownBy(() -> frames.failed(failure)).isSameAs(failure);
	}

	/**
	 * Counts the bytes that are searched.
	 */
	private static final class CountingBuffer extends UnpooledHeapByteBuf {

		private int searched;

		CountingBuffer(UnpooledByteBufAllocator allocator, int capacity) {
			super(allocator, capacity, capacity);
		}

		@Override
		public int indexOf(int fromIndex, int toIndex, byte value) {
			int found = super.indexOf(fromIndex, toIndex, value);
			this.searched += ((found >= 0) ? found + 1 : toIndex) - fromIndex;
			return found;
		}

	}

}
