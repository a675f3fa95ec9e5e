package dev.echod.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;

import org.springframework.util.Assert;

/**
 * How much of a connection is held in memory.
 *
 * @param read the largest single read, in bytes
 * @param writeLow reading goes on when less than this is waiting to be written, in bytes
 * @param writeHigh reading stops when more than this is waiting to be written, in bytes
 */
public record ConnectionBuffers(int read, int writeLow, int writeHigh) {

	/**
	 * Reads of 64 KiB, water marks of 64 and 256 KiB.
	 */
	public static final ConnectionBuffers DEFAULT = new ConnectionBuffers(64 * 1024, 64 * 1024, 256 * 1024);

	/**
	 * The least that a buffer may be: {@value} bytes.
	 */
	public static final int MIN = 512;

	private static final int INITIAL_READ = 2048;

	public ConnectionBuffers {
		Assert.isTrue(read >= MIN, () -> "read must be at least %d bytes".formatted(MIN));
		Assert.isTrue(writeLow >= MIN, () -> "writeLow must be at least %d bytes".formatted(MIN));
		Assert.isTrue(writeHigh >= writeLow, "writeHigh must be at least writeLow");
	}

	RecvByteBufAllocator readAllocator() {
		return readAllocator(this.read);
	}

	/**
	 * Of reads that are no larger than this besides, in bytes.
	 */
	RecvByteBufAllocator readAllocator(int most) {
		int largest = Math.min(this.read, most);
		return new AdaptiveRecvByteBufAllocator(Math.min(64, largest), Math.min(INITIAL_READ, largest), largest);
	}

	WriteBufferWaterMark waterMark() {
		return new WriteBufferWaterMark(this.writeLow, this.writeHigh);
	}

	/**
	 * Keeps what waits for a slow peer in the memory it needs, not in the larger buffer
	 * it was read into; and what the system does not take from where it is, in memory
	 * that it does: Netty would, and tell nobody when there is none.
	 * @param bytes taken, also where there is no memory for them
	 * @param encrypted whether the system is given others
	 */
	static ByteBuf toWrite(ByteBuf bytes, int length, SocketChannel channel, boolean encrypted) {
		if ((length >= FrameAssembly.LARGE_BYTES || !isPeerSlow(channel)) && (encrypted || bytes.isDirect())) {
			return bytes;
		}
		try {
			return channel.alloc().ioBuffer(length).writeBytes(bytes);
		}
		finally {
			bytes.release();
		}
	}

	private static boolean isPeerSlow(SocketChannel channel) {
		WriteBufferWaterMark waterMark = channel.config().getWriteBufferWaterMark();
		return channel.bytesBeforeUnwritable() < waterMark.high() - waterMark.low();
	}

}
