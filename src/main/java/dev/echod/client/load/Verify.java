package dev.echod.client.load;

import java.util.Locale;

/**
 * Which of what comes back is compared with what was sent.
 */
enum Verify {

	/**
	 * Every byte.
	 */
	ALL(1),

	/**
	 * One read of sixteen. What is lost or comes twice moves all that follows, and is
	 * found by the next that is compared.
	 */
	SAMPLE(16),

	/**
	 * None: bytes are only counted.
	 */
	NONE(0);

	private final int every;

	Verify(int every) {
		this.every = every;
	}

	/**
	 * Whether a read is compared.
	 * @param number of reads before it
	 */
	boolean takes(long number) {
		return this.every == 1 || (this.every > 0 && number % this.every == 0);
	}

	/**
	 * The name as in the option: {@code all}.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
