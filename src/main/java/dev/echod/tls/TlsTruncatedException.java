package dev.echod.tls;

import java.io.IOException;

/**
 * A peer has ended its side without the close_notify that says that all has come (RFC
 * 8446, section 6.1): bytes may be missing, and somebody else may have ended it.
 */
public class TlsTruncatedException extends IOException {

	private static final long serialVersionUID = 1L;

	public TlsTruncatedException() {
		super("The connection was ended without a close_notify");
	}

}
