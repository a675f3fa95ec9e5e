package dev.echod.transport;

import java.util.Arrays;

import dev.echod.framing.FrameBuffer;
import dev.echod.testing.TestClient;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A deserializer that takes messages of one length, as a probe's does.
 */
class DeserializerDecoderTests {

	private static final int LENGTH = 1_000;

	private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

	private final FrameBuffer frames = new FrameBuffer(new DeserializerDecoder((input) -> input.readNBytes(LENGTH)));

	@AfterEach
	void nothingIsLeftBehind() {
		this.frames.release();
		assertThat(this.allocator.metric().usedHeapMemory()).isZero();
	}

	private void add(byte... bytes) {
		this.frames.add(this.allocator, this.allocator.heapBuffer(bytes.length).writeBytes(bytes));
	}

	@Test
	void messageThatComesByteByByteIsTakenWhole() throws Exception {
		byte[] message = TestClient.randomBytes(1, LENGTH);
		for (byte next : message) {
			assertThat(this.frames.next()).isNull();
			add(next);
		}
		assertThat(this.frames.next()).isEqualTo(message);
		assertThat(this.frames.next()).isNull();
	}

	@Test
	void messagesThatComeTogetherAreTakenOneByOneAndTheRestAtTheEnd() throws Exception {
		byte[] bytes = TestClient.randomBytes(2, 2 * LENGTH + 1);
		add(bytes);
		assertThat(this.frames.next()).isEqualTo(Arrays.copyOfRange(bytes, 0, LENGTH));
		assertThat(this.frames.next()).isEqualTo(Arrays.copyOfRange(bytes, LENGTH, 2 * LENGTH));
		assertThat(this.frames.next()).isNull();
		this.frames.end();
		assertThat(this.frames.next()).isEqualTo(Arrays.copyOfRange(bytes, 2 * LENGTH, bytes.length));
	}

	/**
	 * The beginning of the next is always there.
	 */
	@Test
	void messagesThatWereTakenAreNotKept() throws Exception {
		byte[] piece = new byte[LENGTH];
		add((byte) 1);
		for (int i = 0; i < 10_000; i++) {
			add(piece);
			assertThat((byte[]) this.frames.next()).hasSize(LENGTH);
			assertThat(this.frames.next()).isNull();
			assertThat(this.frames.size()).isEqualTo(1);
			assertThat(this.allocator.metric().usedHeapMemory()).isLessThanOrEqualTo(4L * LENGTH);
		}
	}

}
