package dev.echod.tls;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.nio.channels.ClosedChannelException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import dev.echod.connection.ArrivalFailedException;
import dev.echod.connection.CloseReason;
import dev.echod.connection.TlsDetails;

/**
 * TLS over a socket, of which it differs from the JDK's own in what ends a connection:
 * closing it does not wait for anything, and a FIN without a close_notify is a
 * {@link TlsTruncatedException}, after which it is reset.
 */
public final class TlsSocket extends Socket {

	private final Socket socket;

	private final RecordInput records;

	private final SSLSocket secured;

	private final TlsSession session;

	private volatile boolean outputEnds;

	TlsSocket(Socket socket, InputStream input, SSLContext context, SSLParameters parameters, Handshakes handshakes)
			throws IOException {
		super((SocketImpl) null);
		this.socket = socket;
		this.records = new RecordInput(input);
		this.secured = (SSLSocket) context.getSocketFactory().createSocket(socket, this.records, true);
		this.secured.setUseClientMode(false);
		this.secured.setSSLParameters(parameters);
		this.session = new TlsSession(this.secured::getSession, handshakes);
	}

	/**
	 * Waits for the handshake; who does not want to wait any longer closes the socket.
	 * @throws SSLException if it fails, or the client leaves in it
	 * @throws ArrivalFailedException if the client leaves without a word, which is no
	 * failure
	 * @throws IOException if reading or writing fails, or the socket is closed
	 */
	public TlsDetails handshake() throws IOException {
		try {
			this.secured.startHandshake();
			this.records.atEnd(this::resetWhenClosed);
			return this.session.succeeded();
		}
		catch (IOException ex) {
			if (this.records.isSilent()) {
				throw new ArrivalFailedException(CloseReason.PEER_CLOSED, "The client left without a word");
			}
			if (isClosedByUs(ex)) {
				this.session.expired();
			}
			else {
				this.session.failed(ex);
			}
			throw ex;
		}
	}

	/**
	 * After any failure the JDK has closed the socket too.
	 */
	private static boolean isClosedByUs(IOException failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof ClosedChannelException) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The JDK closes a socket whose end comes without a close_notify before anybody else
	 * could have it reset. Who was sent our end still gets what comes before it.
	 */
	private void resetWhenClosed() {
		try {
			if (!this.outputEnds) {
				this.socket.setSoLinger(true, 0);
			}
		}
		catch (SocketException ex) {
			// It is closed already.
		}
	}

	/**
	 * Runs an action when the client's close_notify has come, before it is read: in TLS
	 * 1.2 nothing can be sent afterwards. That it is one is not sure then.
	 */
	public void beforeEnd(Runnable action) {
		if (this.secured.getSession().getProtocol().equals("TLSv1.2")) {
			this.records.beforeAlert(action);
		}
	}

	@Override
	public InputStream getInputStream() throws IOException {
		return new FilterInputStream(this.secured.getInputStream()) {

			@Override
			public int read() throws IOException {
				byte[] one = new byte[1];
				return (read(one, 0, 1) < 0) ? -1 : Byte.toUnsignedInt(one[0]);
			}

			@Override
			public int read(byte[] bytes, int offset, int length) throws IOException {
				try {
					int read = super.read(bytes, offset, length);
					if (read >= 0 || !TlsSocket.this.records.isEnded()) {
						return read;
					}
				}
				catch (IOException ex) {
					if (!TlsSocket.this.records.isEnded()) {
						throw ex;
					}
				}
				throw new TlsTruncatedException();
			}

		};
	}

	@Override
	public OutputStream getOutputStream() throws IOException {
		return new FilterOutputStream(this.secured.getOutputStream()) {

			@Override
			public void write(byte[] bytes, int offset, int length) throws IOException {
				try {
					this.out.write(bytes, offset, length);
				}
				catch (IOException ex) {
					// Who writes may learn of it before who reads.
					throw TlsSocket.this.records.isEnded() ? new TlsTruncatedException() : ex;
				}
			}

		};
	}

	/**
	 * Sends a close_notify and a FIN, and waits until the system has taken them.
	 */
	@Override
	public void shutdownOutput() throws IOException {
		this.outputEnds = true;
		this.secured.shutdownOutput();
	}

	/**
	 * Closes at once.
	 */
	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	@Override
	public boolean isClosed() {
		return this.socket.isClosed();
	}

	@Override
	public boolean isConnected() {
		return this.socket.isConnected();
	}

	@Override
	public boolean isBound() {
		return this.socket.isBound();
	}

	@Override
	public InetAddress getInetAddress() {
		return this.socket.getInetAddress();
	}

	@Override
	public int getPort() {
		return this.socket.getPort();
	}

	@Override
	public InetAddress getLocalAddress() {
		return this.socket.getLocalAddress();
	}

	@Override
	public int getLocalPort() {
		return this.socket.getLocalPort();
	}

	@Override
	public SocketAddress getRemoteSocketAddress() {
		return this.socket.getRemoteSocketAddress();
	}

	@Override
	public SocketAddress getLocalSocketAddress() {
		return this.socket.getLocalSocketAddress();
	}

	@Override
	public void setSoLinger(boolean on, int linger) throws SocketException {
		this.socket.setSoLinger(on, linger);
	}

	@Override
	public int getSoLinger() throws SocketException {
		return this.socket.getSoLinger();
	}

	@Override
	public void setTcpNoDelay(boolean on) throws SocketException {
		this.socket.setTcpNoDelay(on);
	}

	@Override
	public boolean getTcpNoDelay() throws SocketException {
		return this.socket.getTcpNoDelay();
	}

	@Override
	public void setSoTimeout(int timeout) throws SocketException {
		this.socket.setSoTimeout(timeout);
	}

	@Override
	public int getSoTimeout() throws SocketException {
		return this.socket.getSoTimeout();
	}

	@Override
	public String toString() {
		return "TLS over " + this.socket;
	}

}
