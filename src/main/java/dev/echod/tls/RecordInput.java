package dev.echod.tls;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import org.jspecify.annotations.Nullable;

/**
 * The records that come, as they are. Tells of an alert before it is read, and knows
 * whether the end was read: who reads what is in the records learns of neither.
 */
final class RecordInput extends FilterInputStream {

	private static final byte ALERT = 21;

	private static final int HEADER = 5;

	private final byte[] header = new byte[HEADER];

	/**
	 * Of the header, what was not given on.
	 */
	private int headerLeft;

	/**
	 * Of the record after its header, what was not read.
	 */
	private int left;

	private volatile @Nullable Runnable beforeAlert;

	private volatile @Nullable Runnable atEnd;

	private volatile boolean begun;

	private volatile boolean ended;

	RecordInput(InputStream records) {
		super(records);
	}

	/**
	 * Runs an action before an alert is read.
	 */
	void beforeAlert(Runnable action) {
		this.beforeAlert = action;
	}

	/**
	 * Runs an action when the end is read, before who reads is told.
	 */
	void atEnd(Runnable action) {
		this.atEnd = action;
	}

	/**
	 * Whether there is no more, as was read.
	 */
	boolean isEnded() {
		return this.ended;
	}

	/**
	 * Whether the end was read, and nothing before it.
	 */
	boolean isSilent() {
		return this.ended && !this.begun;
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : Byte.toUnsignedInt(one[0]);
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		if (length == 0) {
			return 0;
		}
		if (this.headerLeft == 0 && this.left == 0 && !readHeader()) {
			return -1;
		}
		if (this.headerLeft > 0) {
			int given = Math.min(length, this.headerLeft);
			System.arraycopy(this.header, HEADER - this.headerLeft, bytes, offset, given);
			this.headerLeft -= given;
			return given;
		}
		int read = this.in.read(bytes, offset, Math.min(length, this.left));
		this.left -= Math.max(0, read);
		if (read < 0) {
			end();
		}
		return read;
	}

	private boolean readHeader() throws IOException {
		int read = this.in.readNBytes(this.header, 0, HEADER);
		if (read > 0) {
			this.begun = true;
		}
		if (read < HEADER) {
			end();
			return false;
		}
		this.headerLeft = HEADER;
		this.left = Byte.toUnsignedInt(this.header[3]) << Byte.SIZE | Byte.toUnsignedInt(this.header[4]);
		Runnable action = this.beforeAlert;
		if (action != null && this.header[0] == ALERT) {
			action.run();
		}
		return true;
	}

	private void end() {
		this.ended = true;
		Runnable action = this.atEnd;
		if (action != null) {
			action.run();
		}
	}

	/**
	 * What is known to be there; of the system's none is asked.
	 */
	@Override
	public int available() {
		return this.headerLeft;
	}

	/**
	 * Closes nothing: who has read all may still write to the socket.
	 */
	@Override
	public void close() {
	}

	@Override
	public boolean markSupported() {
		return false;
	}

}
