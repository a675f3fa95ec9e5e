package dev.echod.connection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the connections of a listener have read and sent together, those that are gone
 * included, as far as one event loop or all threads served them. Read by any thread, and
 * never falls.
 */
public abstract sealed class Traffic {

	abstract void received(int bytes);

	abstract void sent(int bytes);

	abstract void messageReceived();

	abstract long bytesReceived();

	abstract long bytesSent();

	abstract long messages();

	/**
	 * What nobody asks for.
	 */
	public static Traffic unknown() {
		return new OfOneThread();
	}

	/**
	 * Written by one thread, without a memory fence.
	 */
	static final class OfOneThread extends Traffic {

		private static final VarHandle BYTES_RECEIVED = handle("bytesReceived");

		private static final VarHandle BYTES_SENT = handle("bytesSent");

		private static final VarHandle MESSAGES = handle("messages");

		private long bytesReceived;

		private long bytesSent;

		private long messages;

		private static VarHandle handle(String field) {
			try {
				return MethodHandles.lookup().findVarHandle(OfOneThread.class, field, long.class);
			}
			catch (ReflectiveOperationException ex) {
				throw new ExceptionInInitializerError(ex);
			}
		}

		@Override
		void received(int bytes) {
			BYTES_RECEIVED.setOpaque(this, this.bytesReceived + bytes);
		}

		@Override
		void sent(int bytes) {
			BYTES_SENT.setOpaque(this, this.bytesSent + bytes);
		}

		@Override
		void messageReceived() {
			MESSAGES.setOpaque(this, this.messages + 1);
		}

		@Override
		long bytesReceived() {
			return (long) BYTES_RECEIVED.getOpaque(this);
		}

		@Override
		long bytesSent() {
			return (long) BYTES_SENT.getOpaque(this);
		}

		@Override
		long messages() {
			return (long) MESSAGES.getOpaque(this);
		}

	}

	/**
	 * Written by many threads.
	 */
	static final class OfThreads extends Traffic {

		private final LongAdder bytesReceived = new LongAdder();

		private final LongAdder bytesSent = new LongAdder();

		private final LongAdder messages = new LongAdder();

		@Override
		void received(int bytes) {
			this.bytesReceived.add(bytes);
		}

		@Override
		void sent(int bytes) {
			this.bytesSent.add(bytes);
		}

		@Override
		void messageReceived() {
			this.messages.increment();
		}

		@Override
		long bytesReceived() {
			return this.bytesReceived.sum();
		}

		@Override
		long bytesSent() {
			return this.bytesSent.sum();
		}

		@Override
		long messages() {
			return this.messages.sum();
		}

	}

}
