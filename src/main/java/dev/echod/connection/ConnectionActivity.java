package dev.echod.connection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a connection did so far, and its part in its listener's traffic. Each figure is
 * written by one thread at a time and read by any: a reader sees whole figures of a
 * moment ago, and the way of a byte takes no memory fence for them.
 */
public final class ConnectionActivity {

	private static final VarHandle BYTES_RECEIVED = handle("bytesReceived");

	private static final VarHandle BYTES_SENT = handle("bytesSent");

	private static final VarHandle MESSAGES = handle("messages");

	private static final VarHandle LATEST_NANOS = handle("latestNanos");

	private final Traffic traffic;

	private long bytesReceived;

	private long bytesSent;

	private long messages;

	@SuppressWarnings("UnusedVariable") // read through its handle
	private long latestNanos;

	/**
	 * What was received at the latest sample, here and below by who takes the samples
	 * alone.
	 */
	private long sampledReceived;

	private long sampledSent;

	private volatile float receivedPerSecond;

	private volatile float sentPerSecond;

	/**
	 * Create one of a connection that was just opened.
	 * @param traffic what it is counted in besides
	 * @param nanos the time by the clock of the connection's wire
	 */
	public ConnectionActivity(Traffic traffic, long nanos) {
		this.traffic = traffic;
		this.latestNanos = nanos;
	}

	private static VarHandle handle(String field) {
		try {
			return MethodHandles.lookup().findVarHandle(ConnectionActivity.class, field, long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/**
	 * Bytes were read.
	 * @param nanos the time by the clock of the connection's wire
	 */
	public void received(int bytes, long nanos) {
		BYTES_RECEIVED.setOpaque(this, this.bytesReceived + bytes);
		LATEST_NANOS.setOpaque(this, nanos);
		this.traffic.received(bytes);
	}

	/**
	 * Bytes were handed over to be written.
	 * @param nanos the time by the clock of the connection's wire
	 */
	public void sent(int bytes, long nanos) {
		BYTES_SENT.setOpaque(this, this.bytesSent + bytes);
		LATEST_NANOS.setOpaque(this, nanos);
		this.traffic.sent(bytes);
	}

	/**
	 * A message was read.
	 */
	public void messageReceived() {
		MESSAGES.setOpaque(this, this.messages + 1);
		this.traffic.messageReceived();
	}

	public long bytesReceived() {
		return (long) BYTES_RECEIVED.getOpaque(this);
	}

	public long bytesSent() {
		return (long) BYTES_SENT.getOpaque(this);
	}

	public long messages() {
		return (long) MESSAGES.getOpaque(this);
	}

	long latestNanos() {
		return (long) LATEST_NANOS.getOpaque(this);
	}

	/**
	 * Takes a sample. One that is idle, and was, is only read.
	 * @param nanos the time since the sample before
	 */
	void sample(long nanos) {
		long received = bytesReceived();
		if (received != this.sampledReceived || this.receivedPerSecond != 0) {
			this.receivedPerSecond = perSecond(received - this.sampledReceived, nanos);
			this.sampledReceived = received;
		}
		long sent = bytesSent();
		if (sent != this.sampledSent || this.sentPerSecond != 0) {
			this.sentPerSecond = perSecond(sent - this.sampledSent, nanos);
			this.sampledSent = sent;
		}
	}

	private static float perSecond(long bytes, long nanos) {
		return (float) (bytes * 1e9 / nanos);
	}

	long receivedPerSecond() {
		return (long) this.receivedPerSecond;
	}

	long sentPerSecond() {
		return (long) this.sentPerSecond;
	}

}
