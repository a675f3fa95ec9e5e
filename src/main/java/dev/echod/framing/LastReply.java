package dev.echod.framing;

/**
 * Comes out of a codec when the reply just written is the connection's last.
 */
public enum LastReply {

	/**
	 * The only one.
	 */
	INSTANCE

}
