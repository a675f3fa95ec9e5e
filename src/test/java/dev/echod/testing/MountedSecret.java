package dev.echod.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

import io.netty.pkitesting.X509Bundle;

/**
 * A folder as the kubelet mounts a secret: all files change at once, by a link.
 */
public final class MountedSecret {

	private final Path folder;

	private int versions;

	public MountedSecret(Path folder) {
		this.folder = folder;
	}

	/**
	 * A certificate with its chain, and its key, as {@code tls.crt} and {@code tls.key}.
	 */
	public void put(X509Bundle certificate) throws IOException {
		put(Map.of("tls.crt", certificate.getCertificatePathPEM(), "tls.key", certificate.getPrivateKeyPEM()));
	}

	/**
	 * Has these files, by their names, from now on.
	 */
	public void put(Map<String, String> files) throws IOException {
		Files.createDirectories(this.folder);
		Path data = Files.createDirectory(this.folder.resolve("..data_" + ++this.versions));
		for (Map.Entry<String, String> file : files.entrySet()) {
			Files.writeString(data.resolve(file.getKey()), file.getValue());
			Path link = this.folder.resolve(file.getKey());
			if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
				Files.createSymbolicLink(link, Path.of("..data", file.getKey()));
			}
		}
		Path link = Files.createSymbolicLink(this.folder.resolve("..data_tmp"), data.getFileName());
		Files.move(link, this.folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
	}

	/**
	 * Where a file of it is.
	 */
	public Path file(String name) {
		return this.folder.resolve(name);
	}

}
