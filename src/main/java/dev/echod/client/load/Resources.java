package dev.echod.client.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What the jar holds for reports.
 */
final class Resources {

	private Resources() {
	}

	static String read(String name) {
		try (InputStream input = Objects.requireNonNull(Resources.class.getResourceAsStream(name))) {
			return new String(input.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
