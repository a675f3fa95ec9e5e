package dev.echod.framing;

/**
 * Comes out of a decoder when the peer ended its side within a message.
 */
public enum TruncatedFrame {

	/**
	 * The only one.
	 */
	INSTANCE

}
