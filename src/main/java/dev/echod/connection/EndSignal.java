package dev.echod.connection;

/**
 * The segment that began a connection's end, as far as the service saw it: whoever reads
 * late learns late of a FIN.
 */
public enum EndSignal {

	/**
	 * The peer sent its FIN first.
	 */
	PEER_FIN,
	/**
	 * The peer sent a reset, before either had sent a FIN.
	 */
	PEER_RST,
	/**
	 * None: the peer was heard of no more, before either had sent a FIN.
	 */
	PEER_SILENT,
	/**
	 * We sent our FIN first.
	 */
	OUR_FIN,
	/**
	 * We sent a reset, before either had sent a FIN.
	 */
	OUR_RST;

	/**
	 * What an end at once begins with, for this reason.
	 */
	static EndSignal of(CloseReason reason) {
		return switch (reason) {
			case PEER_CLOSED -> PEER_FIN;
			case PEER_RESET -> PEER_RST;
			case PEER_VANISHED -> PEER_SILENT;
			default -> reason.isCut() ? OUR_RST : OUR_FIN;
		};
	}

}
