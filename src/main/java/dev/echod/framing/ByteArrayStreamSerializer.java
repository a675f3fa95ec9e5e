package dev.echod.framing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

import org.springframework.integration.ip.tcp.serializer.AbstractByteArraySerializer;
import org.springframework.integration.ip.tcp.serializer.SoftEndOfStreamException;

/**
 * The {@code stream} framing: a message is whatever one read returns, and is written as
 * it is. Bytes keep their order; where one message ends and the next begins means
 * nothing.
 */
public class ByteArrayStreamSerializer extends AbstractByteArraySerializer {

	private static final int SMALL_READ = 2048;

	/**
	 * Reads what is there, at least one byte and at most the maximum message size.
	 * @throws SoftEndOfStreamException if the stream has ended
	 */
	@Override
	public byte[] deserialize(InputStream inputStream) throws IOException {
		byte[] bytes = new byte[Math.min(Math.max(inputStream.available(), SMALL_READ), getMaxMessageSize())];
		int length = inputStream.read(bytes);
		if (length < 0) {
			throw new SoftEndOfStreamException("Stream closed between payloads");
		}
		return (length == bytes.length) ? bytes : Arrays.copyOf(bytes, length);
	}

	@Override
	public void serialize(byte[] bytes, OutputStream outputStream) throws IOException {
		outputStream.write(bytes);
	}

}
