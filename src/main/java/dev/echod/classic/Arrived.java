package dev.echod.classic;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

import dev.echod.admission.Place;
import dev.echod.connection.Endpoints;
import org.jspecify.annotations.Nullable;

/**
 * An accepted connection, as far as it has come.
 *
 * @param socket to be read from and written to
 * @param place to be given back at its end
 * @param unhandled what was read from the socket before its time, and comes first; null
 * for nothing
 */
public record Arrived(Socket socket, Place place, Endpoints endpoints, @Nullable InputStream unhandled) {

	static Arrived of(Socket socket, Place place) {
		return new Arrived(socket, place, new Endpoints((InetSocketAddress) socket.getRemoteSocketAddress(),
				(InetSocketAddress) socket.getLocalSocketAddress()), null);
	}

	/**
	 * What it sends.
	 */
	InputStream input() throws IOException {
		InputStream input = this.socket.getInputStream();
		return (this.unhandled != null) ? new SequenceInputStream(this.unhandled, new Open(input)) : input;
	}

	/**
	 * Stays open at its end, which is that of one side only.
	 */
	private static final class Open extends FilterInputStream {

		Open(InputStream input) {
			super(input);
		}

		@Override
		public void close() {
		}

	}

}
