package dev.echod.classic;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;

import dev.echod.connection.ArrivalFailedException;
import dev.echod.connection.CloseReason;
import dev.echod.connection.Endpoints;
import dev.echod.proxy.ProxyProtocol;
import dev.echod.proxy.ProxyReader;
import org.jspecify.annotations.Nullable;

/**
 * Awaits a PROXY header, or that there is none, and asks again for a place when a proxy
 * has named its client.
 */
public final class ProxyStep implements ArrivalStep {

	/**
	 * Read at a time: most headers are shorter.
	 */
	private static final int PIECE = 512;

	/**
	 * Waited for bytes at a time: then the limit may be another.
	 */
	private static final long LOOK_MILLIS = 1_000;

	private static final long NANOS_PER_MILLI = 1_000_000;

	private final ProxyProtocol protocol;

	private final Supplier<Duration> limit;

	/**
	 * Create a step.
	 * @param limit how long all is waited for; 0 is forever. Asked for each time, as it
	 * may change
	 */
	public ProxyStep(ProxyProtocol protocol, Supplier<Duration> limit) {
		this.protocol = protocol;
		this.limit = limit;
	}

	@Override
	public @Nullable Arrived await(Arrived arrived) throws IOException {
		ProxyReader reader = this.protocol.reader(arrived.endpoints().peer().getAddress());
		ByteBuffer rest = read(arrived.socket(), reader);
		Endpoints endpoints = arrived.endpoints().proxied(reader.proxied());
		if (arrived.place().isOfProxy() && !reader.isOfProxy()
				&& !arrived.place().name(endpoints.client().getAddress())) {
			return null;
		}
		return new Arrived(arrived.socket(), arrived.place(), endpoints, unhandled(reader.data(), rest));
	}

	private static @Nullable InputStream unhandled(byte[] data, ByteBuffer rest) {
		byte[] all = Arrays.copyOf(data, data.length + rest.remaining());
		rest.get(all, data.length, rest.remaining());
		return (all.length > 0) ? new ByteArrayInputStream(all) : null;
	}

	/**
	 * Who says nothing may be a client without a header: that is known at the end of the
	 * time, and the socket is still needed then.
	 */
	@Override
	public boolean keepsTime() {
		return true;
	}

	private ByteBuffer read(Socket socket, ProxyReader reader) throws IOException {
		long since = System.nanoTime();
		int timeout = socket.getSoTimeout();
		InputStream input = socket.getInputStream();
		byte[] piece = new byte[PIECE];
		ByteBuffer read = ByteBuffer.allocate(0);
		while (!reader.read(read)) {
			long wait = waitMillis(since);
			if (wait <= 0) {
				reader.expire();
				break;
			}
			socket.setSoTimeout((int) wait);
			int length = readOrLook(input, piece);
			if (length < 0) {
				ended(reader);
				break;
			}
			read = ByteBuffer.wrap(piece, 0, length);
		}
		socket.setSoTimeout(timeout);
		return read;
	}

	/**
	 * How long to wait for what comes next; 0 or less when all was waited for long
	 * enough.
	 */
	private long waitMillis(long sinceNanos) {
		Duration time = this.limit.get();
		long left = (time.toNanos() - (System.nanoTime() - sinceNanos)) / NANOS_PER_MILLI;
		return time.isPositive() ? Math.min(left, LOOK_MILLIS) : LOOK_MILLIS;
	}

	/**
	 * Reads what comes.
	 * @return how many bytes; 0 when none came for a while, -1 at the end
	 */
	private static int readOrLook(InputStream input, byte[] piece) throws IOException {
		try {
			return input.read(piece);
		}
		catch (SocketTimeoutException ex) {
			return 0;
		}
	}

	private static void ended(ProxyReader reader) throws IOException {
		if (reader.isEmpty()) {
			throw new ArrivalFailedException(CloseReason.PEER_CLOSED, "The peer ended its side without a word");
		}
		reader.end();
	}

}
