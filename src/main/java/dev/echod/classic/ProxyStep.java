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
		Duration time = this.limit.get();
		long deadline = System.nanoTime() + time.toNanos();
		int timeout = socket.getSoTimeout();
		InputStream input = socket.getInputStream();
		byte[] piece = new byte[PIECE];
		ByteBuffer read = ByteBuffer.allocate(0);
		try {
			while (!reader.read(read)) {
				if (time.isPositive()) {
					socket.setSoTimeout(millisUntil(deadline));
				}
				int length = input.read(piece);
				if (length < 0) {
					ended(reader);
					break;
				}
				read = ByteBuffer.wrap(piece, 0, length);
			}
		}
		catch (SocketTimeoutException ex) {
			reader.expire();
		}
		socket.setSoTimeout(timeout);
		return read;
	}

	private static int millisUntil(long deadline) throws SocketTimeoutException {
		long millis = (deadline - System.nanoTime()) / NANOS_PER_MILLI;
		if (millis <= 0) {
			// Of 0 the socket would wait forever.
			throw new SocketTimeoutException();
		}
		return (int) millis;
	}

	private static void ended(ProxyReader reader) throws IOException {
		if (reader.isEmpty()) {
			throw new ArrivalFailedException(CloseReason.PEER_CLOSED, "The peer ended its side without a word");
		}
		reader.end();
	}

}
