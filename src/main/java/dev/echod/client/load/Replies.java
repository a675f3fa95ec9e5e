package dev.echod.client.load;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What comes back on one connection: the script from a message on, in whatever pieces it
 * is read. Used on the connection's event loop.
 */
final class Replies {

	private final Script script;

	private final Comparison comparison;

	private final Verify verify;

	/**
	 * Where in the script the stream begins.
	 */
	private final int base;

	/**
	 * The message in the script whose reply comes next.
	 */
	private int message;

	/**
	 * Where in what is received that reply ends.
	 */
	private long end;

	private long received;

	private long reads;

	/**
	 * Create the replies of a connection.
	 * @param first the message that it begins with
	 */
	Replies(Script script, Comparison comparison, Verify verify, int first) {
		this.script = script;
		this.comparison = comparison;
		this.verify = verify;
		this.base = script.begin(first);
		this.message = first;
		this.end = script.length(first);
	}

	/**
	 * Takes what was read, and looks at it.
	 * @param sent how many bytes were sent
	 * @return what is wrong with it; null if nothing is
	 */
	@Nullable String take(ByteBuf bytes, long sent) {
		if (this.verify.takes(this.reads++)) {
			int at = this.comparison.mismatch(bytes, (int) ((this.base + this.received) % this.script.length()));
			if (at >= 0) {
				return describe(bytes, at);
			}
		}
		this.received += bytes.readableBytes();
		return (this.received > sent) ? "%d bytes came that were not sent".formatted(this.received - sent) : null;
	}

	private String describe(ByteBuf bytes, int at) {
		int differs = this.message;
		long differsTo = this.end;
		while (differsTo <= this.received + at) {
			differs = this.script.after(differs);
			differsTo += this.script.length(differs);
		}
		int begin = (int) (differsTo - this.script.length(differs) - this.received);
		return this.comparison.describe(bytes, at, this.received + at, differs, begin);
	}

	/**
	 * Whether the next reply has come, to its last byte.
	 */
	boolean isNextComplete() {
		return this.received >= this.end;
	}

	/**
	 * Goes on to the reply after it.
	 * @return the length of the one that was next, with its frame
	 */
	int next() {
		int length = this.script.length(this.message);
		this.message = this.script.after(this.message);
		this.end += this.script.length(this.message);
		return length;
	}

	/**
	 * How many bytes came.
	 */
	long received() {
		return this.received;
	}

}
