package dev.echod.stats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.ResourcePatternResolver;

/**
 * The files that the page is made of. They have a version, which is that of their bytes:
 * browsers keep those of a version for good.
 */
final class Assets {

	private static final String FOLDER = "classpath:/stats/";

	private static final int VERSION_CHARACTERS = 16;

	/**
	 * As the pages refer to the others.
	 */
	private static final String REFERENCE = "\"assets/";

	private static final String PAGE = ".html";

	private final Map<String, byte[]> files;

	private final String version;

	private Assets(Map<String, byte[]> files) {
		this.files = files;
		this.version = version(files);
	}

	/**
	 * Reads them all.
	 */
	static Assets load() {
		Map<String, byte[]> files = new TreeMap<>();
		ResourcePatternResolver resolver = new PathMatchingResourcePatternResolver();
		try {
			String folder = resolver.getResource(FOLDER).getURI().toString();
			for (Resource file : resolver.getResources(FOLDER + "**")) {
				if (file.isReadable() && !file.getURI().toString().endsWith("/")) {
					files.put(file.getURI().toString().substring(folder.length()), file.getContentAsByteArray());
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new Assets(files);
	}

	private static String version(Map<String, byte[]> files) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			files.forEach((name, bytes) -> {
				digest.update(name.getBytes(StandardCharsets.UTF_8));
				digest.update(bytes);
			});
			return HexFormat.of().formatHex(digest.digest()).substring(0, VERSION_CHARACTERS);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	String version() {
		return this.version;
	}

	/**
	 * A file that is no page; null when there is none.
	 */
	byte @Nullable [] file(String name) {
		return name.endsWith(PAGE) ? null : this.files.get(name);
	}

	/**
	 * A page, which refers to the files of this version.
	 * @param name without its ending
	 */
	String page(String name) {
		byte[] page = this.files.get(name + PAGE);
		if (page == null) {
			throw new IllegalStateException("There is no page '%s'".formatted(name));
		}
		return new String(page, StandardCharsets.UTF_8).replace(REFERENCE, REFERENCE + this.version + "/");
	}

}
