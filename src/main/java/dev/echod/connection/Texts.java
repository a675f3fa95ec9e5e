package dev.echod.connection;

/**
 * What others say of themselves, to be kept and told.
 */
public final class Texts {

	private Texts() {
	}

	/**
	 * A text, or of one that has more than so many characters the beginning.
	 */
	public static String beginning(String text, int most) {
		return (text.length() > most) ? text.substring(0, most) + "…" : text;
	}

}
