package dev.echod.classic;

import java.io.IOException;

import javax.net.ssl.SSLException;

import dev.echod.connection.ArrivalFailedException;
import dev.echod.connection.CloseReason;
import dev.echod.tls.ServerTls;
import dev.echod.tls.TlsSocket;

/**
 * Awaits a client's TLS handshake.
 */
public final class TlsStep implements ArrivalStep {

	private final ServerTls tls;

	public TlsStep(ServerTls tls) {
		this.tls = tls;
	}

	@Override
	public Arrived await(Arrived arrived) throws IOException {
		TlsSocket secured = this.tls.newSocket(arrived.socket(), arrived.input());
		try {
			return new Arrived(secured, arrived.place(), arrived.endpoints().encrypted(secured.handshake()), null);
		}
		catch (SSLException ex) {
			throw new ArrivalFailedException(CloseReason.TLS_HANDSHAKE, String.valueOf(ex.getMessage()));
		}
	}

}
