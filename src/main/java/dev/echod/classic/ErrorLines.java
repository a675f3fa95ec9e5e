package dev.echod.classic;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what a process complains of: ten lines a second at most, of a kilobyte at most.
 * The rest is read and forgotten, as a client may be who causes it.
 */
final class ErrorLines {

	private static final Logger logger = LoggerFactory.getLogger(ErrorLines.class);

	private static final int MAX_LINE = 1024;

	private static final int MAX_LINES = 10;

	private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final String id;

	private final byte[] line = new byte[MAX_LINE];

	private int length;

	private long since = System.nanoTime();

	private int lines;

	/**
	 * Create one for the process of a connection.
	 */
	ErrorLines(String id) {
		this.id = id;
	}

	/**
	 * Reads to the end.
	 */
	void read(InputStream errors) throws IOException {
		byte[] bytes = new byte[MAX_LINE];
		for (int count = errors.read(bytes); count >= 0; count = errors.read(bytes)) {
			for (int i = 0; i < count; i++) {
				add(bytes[i]);
			}
		}
		end();
	}

	private void add(byte next) {
		if (next == '\n') {
			end();
		}
		else if (this.length < MAX_LINE) {
			this.line[this.length++] = next;
		}
	}

	private void end() {
		if (this.length > 0 && mayLog()) {
			logger.info("{}: {}", this.id,
					new String(this.line, 0, this.length, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?"));
		}
		this.length = 0;
	}

	private boolean mayLog() {
		long now = System.nanoTime();
		if (now - this.since > SECOND_NANOS) {
			this.since = now;
			this.lines = 0;
		}
		return ++this.lines <= MAX_LINES;
	}

}
