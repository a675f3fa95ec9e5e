package dev.echod.classic;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.echod.connection.CloseReason;
import dev.echod.framing.Framing;

import org.springframework.core.serializer.Deserializer;
import org.springframework.core.serializer.Serializer;
import org.springframework.integration.ip.tcp.serializer.AbstractByteArraySerializer;
import org.springframework.integration.ip.tcp.serializer.SoftEndOfStreamException;

/**
 * A framing's serializer for one connection: counts the bytes, and finds out why a
 * message could not be read.
 */
final class CountedSerializer implements Serializer<byte[]>, Deserializer<byte[]> {

	private final AbstractByteArraySerializer serializer;

	private final Framing framing;

	private final int maxFrame;

	private final ServedConnection connection;

	private final Lock sending = new ReentrantLock();

	CountedSerializer(Framing framing, int maxFrame, ServedConnection connection) {
		this.serializer = framing.serializer(maxFrame);
		this.framing = framing;
		this.maxFrame = maxFrame;
		this.connection = connection;
	}

	/**
	 * Reads the next message that is to be answered.
	 * @throws SoftEndOfStreamException if there is none
	 */
	byte[] next(Stream<InputStream> stream) {
		try {
			InputStream input = stream.open();
			byte[] message = deserialize(input);
			while (!this.connection.messageReceived()) {
				message = deserialize(input);
			}
			return message;
		}
		catch (IOException ex) {
			throw new SoftEndOfStreamException("The connection has ended", ex);
		}
	}

	/**
	 * Sends a message. A peer that is gone is no failure of whoever sends: its connection
	 * is closed.
	 */
	void send(byte[] message, Stream<OutputStream> stream) {
		this.sending.lock();
		try {
			OutputStream output = new BufferedOutputStream(stream.open());
			serialize(message, output);
			output.flush();
		}
		catch (IOException ex) {
			this.connection.failed(CloseReason.PEER_RESET);
		}
		finally {
			this.sending.unlock();
		}
	}

	/**
	 * Reads a message.
	 * @throws SoftEndOfStreamException if there is none: Spring closes the connection
	 * then, and logs nothing
	 */
	@Override
	public byte[] deserialize(InputStream inputStream) throws IOException {
		CountingInput input = new CountingInput(inputStream);
		try {
			return this.serializer.deserialize((this.framing == Framing.STREAM) ? input : begun(input));
		}
		catch (SoftEndOfStreamException ex) {
			throw ex;
		}
		catch (IOException | RuntimeException ex) {
			this.connection.because(input.failure(ex));
			throw new SoftEndOfStreamException("No message", ex);
		}
	}

	/**
	 * Waits for a message's first byte: Spring's serializers take a buffer for the
	 * longest message before they read, and an idle connection should hold none.
	 */
	private static InputStream begun(InputStream input) throws IOException {
		int first = input.read();
		if (first < 0) {
			throw new SoftEndOfStreamException("Stream closed between payloads");
		}
		return new SequenceInputStream(new ByteArrayInputStream(new byte[] { (byte) first }), input);
	}

	@Override
	public void serialize(byte[] message, OutputStream outputStream) throws IOException {
		this.serializer.serialize(message, new FilterOutputStream(outputStream) {

			@Override
			public void write(int b) throws IOException {
				this.out.write(b);
				CountedSerializer.this.connection.sent(1);
			}

			@Override
			public void write(byte[] b, int off, int len) throws IOException {
				this.out.write(b, off, len);
				CountedSerializer.this.connection.sent(len);
			}

		});
	}

	private final class CountingInput extends FilterInputStream {

		private int count;

		private boolean atEnd;

		private boolean failed;

		CountingInput(InputStream in) {
			super(in);
		}

		@Override
		public int read() throws IOException {
			return counted(() -> this.in.read(), 1);
		}

		@Override
		public int read(byte[] b, int off, int len) throws IOException {
			return counted(() -> this.in.read(b, off, len), 0);
		}

		private int counted(Read read, int single) throws IOException {
			int result;
			try {
				result = read.read();
			}
			catch (IOException ex) {
				this.failed = true;
				throw ex;
			}
			if (result < 0) {
				this.atEnd = true;
			}
			else {
				int bytes = (single > 0) ? single : result;
				this.count += bytes;
				CountedSerializer.this.connection.received(bytes);
			}
			return result;
		}

		CloseReason failure(Exception ex) {
			if (this.failed) {
				return String.valueOf(ex.getMessage()).contains("reset") ? CloseReason.PEER_RESET
						: CloseReason.IO_ERROR;
			}
			if (this.atEnd) {
				return CloseReason.TRUNCATED_FRAME;
			}
			boolean tooLong = switch (CountedSerializer.this.framing) {
				case LENGTH_1, LENGTH_2, LENGTH_4 -> true;
				default -> this.count > CountedSerializer.this.maxFrame;
			};
			return tooLong ? CloseReason.FRAME_TOO_LONG : CloseReason.INVALID_MESSAGE;
		}

	}

	/**
	 * One side of a connection.
	 */
	interface Stream<T> {

		T open() throws IOException;

	}

	private interface Read {

		int read() throws IOException;

	}

}
