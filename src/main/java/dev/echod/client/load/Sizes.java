package dev.echod.client.load;

import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * How long messages are, without their frames: any length in a range is as likely as
 * another.
 *
 * @param min in bytes, from 1
 * @param max in bytes, up to {@value #MAX}
 */
record Sizes(int min, int max) {

	/**
	 * The longest message: 16 MiB.
	 */
	static final int MAX = 16 * 1024 * 1024;

	private static final Pattern RANGE = Pattern.compile("([^-]+)(?:-([^-]+))?");

	Sizes {
		Assert.isTrue(min >= 1 && min <= max && max <= MAX, "a size is from 1 to 16MB");
	}

	/**
	 * Reads {@code 64}, {@code 16KB} or {@code 1-4KB}.
	 * @throws IllegalArgumentException if the text is none of these
	 */
	static Sizes of(String text) {
		Matcher range = RANGE.matcher(text.strip());
		Assert.isTrue(range.matches(), "it is no size and no range of sizes");
		int min = bytes(range.group(1));
		return new Sizes(min, (range.group(2) != null) ? bytes(range.group(2)) : min);
	}

	private static int bytes(String text) {
		return Math.toIntExact(DataSize.parse(text).toBytes());
	}

	int next(RandomGenerator random) {
		return (this.min == this.max) ? this.min : random.nextInt(this.min, this.max + 1);
	}

	@Override
	public String toString() {
		return (this.min == this.max) ? this.min + " bytes" : "%d to %d bytes".formatted(this.min, this.max);
	}

}
