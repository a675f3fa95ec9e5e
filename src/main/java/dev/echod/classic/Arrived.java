package dev.echod.classic;

import java.net.InetSocketAddress;
import java.net.Socket;

import dev.echod.admission.Place;
import dev.echod.connection.Endpoints;

/**
 * An accepted connection, as far as it has come.
 *
 * @param socket to be read from and written to
 * @param place to be given back at its end
 */
public record Arrived(Socket socket, Place place, Endpoints endpoints) {

	static Arrived of(Socket socket, Place place) {
		return new Arrived(socket, place, new Endpoints((InetSocketAddress) socket.getRemoteSocketAddress(),
				(InetSocketAddress) socket.getLocalSocketAddress()));
	}

}
