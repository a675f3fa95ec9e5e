package dev.echod.training;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;

import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate that nobody else has: a key in the jar would be everybody's.
 *
 * @param store a PKCS#12 file with the certificate and its key
 */
record Certificate(Path store) {

	/**
	 * The file lives as long as the command, in a folder that nobody else may read.
	 */
	static final String PASSWORD = "training";

	/**
	 * Has the JDK's {@code keytool}, which each runtime has, make one.
	 */
	static Certificate make(Path folder) throws IOException {
		Path store = folder.resolve("training.p12");
		Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
		ProcessBuilder command = new ProcessBuilder(List.of(keytool.toString(), "-genkeypair", "-alias", "training",
				"-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1",
				"-validity", "2", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD))
			.redirectErrorStream(true);
		// The flags that write the cache are for this process.
		List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS").forEach(command.environment()::remove);
		Process process = command.start();
		process.getOutputStream().close();
		String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (!Files.exists(store)) {
			throw new IOException("keytool made no certificate: " + said.strip());
		}
		return new Certificate(store);
	}

	/**
	 * Makes sockets that trust it.
	 */
	SocketFactory sockets() throws IOException {
		try (InputStream input = Files.newInputStream(this.store)) {
			KeyStore trusted = KeyStore.getInstance("PKCS12");
			trusted.load(input, PASSWORD.toCharArray());
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(trusted);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, trust.getTrustManagers(), null);
			return context.getSocketFactory();
		}
		catch (GeneralSecurityException ex) {
			throw new IOException("TLS does not work here: " + ex.getMessage(), ex);
		}
	}

}
