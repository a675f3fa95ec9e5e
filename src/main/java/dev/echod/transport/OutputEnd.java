package dev.echod.transport;

import java.nio.channels.ClosedChannelException;

import org.jspecify.annotations.Nullable;

/**
 * Why a connection can send nothing more; asked from any thread.
 */
final class OutputEnd {

	private volatile @Nullable Throwable failure;

	private volatile boolean cut;

	/**
	 * Notes why nothing can be sent any more.
	 * @return whether no other reason was known
	 */
	boolean failed(Throwable cause) {
		boolean first = this.failure == null;
		if (first) {
			this.failure = cause;
		}
		return first;
	}

	/**
	 * Why nothing can be sent any more.
	 */
	Exception failure() {
		return (this.failure instanceof Exception known) ? known : new ClosedChannelException();
	}

	/**
	 * A write has failed, and what has come is still read: it may tell why.
	 */
	void cut() {
		this.cut = true;
	}

	/**
	 * Whether that is so; then the connection ends when it is read to its end.
	 */
	boolean isCut() {
		return this.cut;
	}

}
