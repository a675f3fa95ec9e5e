package dev.echod.proxy;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * What a PROXY header begins with. The first byte already tells which it can only be.
 */
enum Signature {

	/**
	 * Of version 1, a line of text.
	 */
	TEXT("PROXY "),
	/**
	 * Of version 2, which is binary.
	 */
	BINARY("\r\n\r\n\0\r\nQUIT\n");

	private final String text;

	Signature(String text) {
		this.text = text;
	}

	/**
	 * The one that these bytes, one or more, begin or begin with.
	 * @return null when they are of none
	 */
	static @Nullable Signature of(byte[] bytes, int count) {
		for (Signature signature : values()) {
			int length = Math.min(count, signature.length());
			if (signature.text.startsWith(new String(bytes, 0, length, StandardCharsets.ISO_8859_1))) {
				return signature;
			}
		}
		return null;
	}

	String text() {
		return this.text;
	}

	int length() {
		return this.text.length();
	}

}
