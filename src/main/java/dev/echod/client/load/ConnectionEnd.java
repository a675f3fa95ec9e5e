package dev.echod.client.load;

/**
 * How a connection of the load client ended.
 */
enum ConnectionEnd {

	/**
	 * We closed it: it had sent all that it was to send, and all came back.
	 */
	OURS("closed by us", false),

	/**
	 * The peer sent its FIN while it owed nothing, as who is drained does.
	 */
	DRAINED("drained", false),

	/**
	 * The peer sent its FIN and still owed bytes.
	 */
	CUT_SHORT("cut short", true),

	/**
	 * The peer reset it, or vanished.
	 */
	RESET("reset", true),

	/**
	 * The peer sent a TLS alert, a FIN without a close_notify, or what TLS does not
	 * allow.
	 */
	TLS_FAILED("failed by TLS", true),

	/**
	 * Nothing came back, or no FIN, for as long as the time-out says.
	 */
	TIMED_OUT("timed out", true),

	/**
	 * What came back is not what was sent.
	 */
	MISMATCH("mismatch", true),

	/**
	 * It could not be made.
	 */
	NOT_CONNECTED("not connected", true);

	private final String text;

	private final boolean failure;

	ConnectionEnd(String text, boolean failure) {
		this.text = text;
		this.failure = failure;
	}

	/**
	 * Whether the target did not do what it should.
	 */
	boolean isFailure() {
		return this.failure;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
