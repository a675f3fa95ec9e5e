package dev.echod.proxy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Reads how a connection begins: with a PROXY header, or with data. It is told of bytes
 * as they come, in pieces of any length, and decides as early as they allow; it keeps no
 * more of them than a header may have. Used by one thread at a time.
 */
public final class ProxyReader {

	private final boolean required;

	private final boolean trusted;

	private byte[] taken = new byte[TextHeader.MAX_LENGTH];

	private int count;

	/**
	 * Null while it may be data.
	 */
	private @Nullable Signature signature;

	/**
	 * How long the header is; 0 while that is not known.
	 */
	private int length;

	private boolean done;

	private @Nullable ProxyHeader header;

	/**
	 * Create a reader of a new connection.
	 * @param required whether it has to begin with a header
	 * @param trusted whether it may
	 */
	ProxyReader(boolean required, boolean trusted) {
		this.required = required;
		this.trusted = trusted;
	}

	/**
	 * Takes bytes of the connection, but none that follow the header.
	 * @return whether it is known now how the connection begins
	 * @throws ProxyException if it begins in no way that it may
	 */
	public boolean read(ByteBuffer bytes) throws ProxyException {
		while (!this.done && bytes.hasRemaining()) {
			take(bytes.get());
		}
		return this.done;
	}

	private void take(byte next) throws ProxyException {
		this.taken[this.count++] = next;
		if (this.signature == null) {
			recognize();
		}
		if (this.signature != null) {
			switch (this.signature) {
				case TEXT -> takeText();
				case BINARY -> takeBinary();
			}
		}
	}

	private void recognize() throws ProxyException {
		Signature possible = Signature.of(this.taken, this.count);
		if (possible == null) {
			noHeader();
		}
		else if (this.count == possible.length()) {
			if (!this.trusted) {
				throw ProxyException.untrusted();
			}
			this.signature = possible;
		}
	}

	private void noHeader() throws ProxyException {
		if (this.required) {
			throw ProxyException.invalid("The connection begins with no PROXY header");
		}
		this.done = true;
	}

	private void takeText() throws ProxyException {
		if (TextHeader.isComplete(this.taken, this.count)) {
			complete(TextHeader.parse(this.taken, this.count));
		}
	}

	private void takeBinary() throws ProxyException {
		if (this.count == BinaryHeader.FIXED_LENGTH) {
			this.length = BinaryHeader.length(this.taken);
			this.taken = Arrays.copyOf(this.taken, this.length);
		}
		if (this.count == this.length) {
			complete(BinaryHeader.parse(this.taken));
		}
	}

	private void complete(ProxyHeader read) {
		this.header = read;
		this.done = true;
	}

	/**
	 * The peer has sent its FIN, and all before it was read: what may be data is.
	 * @throws ProxyException if it ends within a header
	 */
	public void end() throws ProxyException {
		if (!this.done && isHeaderAwaited()) {
			throw ProxyException.invalid("The peer ended its side before the end of a PROXY header");
		}
		this.done = true;
	}

	/**
	 * It is waited no longer: what may be data is, and a client that says nothing has
	 * said what it had to.
	 * @throws ProxyException if a header had to come, or to go on
	 */
	public void expire() throws ProxyException {
		if (!this.done && isHeaderAwaited()) {
			throw ProxyException.late();
		}
		this.done = true;
	}

	private boolean isHeaderAwaited() {
		return this.required || this.signature != null;
	}

	/**
	 * Whether nothing came so far.
	 */
	public boolean isEmpty() {
		return this.count == 0;
	}

	/**
	 * The header that the connection begins with; null when it does not.
	 */
	@Nullable ProxyHeader header() {
		return this.header;
	}

	/**
	 * Where the connection comes from that the peer stands for; null when it stands for
	 * itself, or for who has no address.
	 */
	public @Nullable InetSocketAddress proxied() {
		return (this.header != null) ? this.header.client() : null;
	}

	/**
	 * Whether the peer is a proxy, but names no client.
	 */
	public boolean isOfProxy() {
		return this.header != null && this.header.client() == null;
	}

	/**
	 * What was taken and is data: it comes before what was not taken.
	 */
	public byte[] data() {
		return (this.header == null) ? Arrays.copyOf(this.taken, this.count) : new byte[0];
	}

}
