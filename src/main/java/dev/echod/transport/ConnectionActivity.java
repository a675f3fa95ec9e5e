package dev.echod.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a connection did so far. Written by its event loop alone, read by any thread: a
 * reader sees whole figures of a moment ago, and the way of a byte takes no memory fence
 * for them.
 */
final class ConnectionActivity {

	private static final VarHandle BYTES_RECEIVED = handle("bytesReceived");

	private static final VarHandle BYTES_SENT = handle("bytesSent");

	private static final VarHandle MESSAGES = handle("messages");

	private static final VarHandle LATEST_NANOS = handle("latestNanos");

	private long bytesReceived;

	private long bytesSent;

	private long messages;

	@SuppressWarnings("UnusedVariable") // read through its handle
	private long latestNanos;

	ConnectionActivity(long nanos) {
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

	void received(int bytes, long nanos) {
		BYTES_RECEIVED.setOpaque(this, this.bytesReceived + bytes);
		LATEST_NANOS.setOpaque(this, nanos);
	}

	void sent(int bytes, long nanos) {
		BYTES_SENT.setOpaque(this, this.bytesSent + bytes);
		LATEST_NANOS.setOpaque(this, nanos);
	}

	void messageReceived() {
		MESSAGES.setOpaque(this, this.messages + 1);
	}

	long bytesReceived() {
		return (long) BYTES_RECEIVED.getOpaque(this);
	}

	long bytesSent() {
		return (long) BYTES_SENT.getOpaque(this);
	}

	long messages() {
		return (long) MESSAGES.getOpaque(this);
	}

	long latestNanos() {
		return (long) LATEST_NANOS.getOpaque(this);
	}

}
