package dev.echod.client.load;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * A file that a load is written to.
 */
final class OutputFile implements AutoCloseable {

	private final String option;

	private final Path path;

	private final OutputStream stream;

	private OutputFile(String option, Path path, OutputStream stream) {
		this.option = option;
		this.path = path;
		this.stream = stream;
	}

	/**
	 * Opens one, if it is wanted.
	 * @throws IllegalArgumentException if it cannot be written; it says which, and why
	 */
	static @Nullable OutputFile open(String option, @Nullable Path path) {
		if (path == null) {
			return null;
		}
		try {
			return new OutputFile(option, path, Files.newOutputStream(path));
		}
		catch (IOException ex) {
			throw notWritten(option, path, switch (ex) {
				case NoSuchFileException ignored -> "there is no such directory";
				case AccessDeniedException ignored -> "access denied";
				default -> Files.isDirectory(path) ? "it is a directory" : String.valueOf(ex.getMessage());
			}, ex);
		}
	}

	private static IllegalArgumentException notWritten(String option, Path path, String why,
			@Nullable IOException cause) {
		return new IllegalArgumentException(
				"%s takes a file that can be written, not '%s': %s".formatted(option, path, why), cause);
	}

	/**
	 * Writes all of it.
	 * @throws IllegalArgumentException if it cannot be written; it says which, and why
	 */
	void write(String text) {
		try {
			this.stream.write(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw notWritten(this.option, this.path, String.valueOf(ex.getMessage()), ex);
		}
	}

	/**
	 * To write it bit by bit; whether that went well is {@link #check}ed at the end.
	 */
	PrintStream print() {
		return new PrintStream(this.stream, false, StandardCharsets.UTF_8);
	}

	/**
	 * Looks whether all was written.
	 * @throws IllegalArgumentException if it was not; it says which
	 */
	void check(PrintStream printed) {
		if (printed.checkError()) {
			throw notWritten(this.option, this.path, "not all of it could be", null);
		}
	}

	@Override
	public void close() {
		try {
			this.stream.close();
		}
		catch (IOException ex) {
			throw notWritten(this.option, this.path, String.valueOf(ex.getMessage()), ex);
		}
	}

}
