package dev.echod.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/**
 * An authority and the certificates that it has issued.
 */
public final class TestCertificates {

	public static final String STORE_PASSWORD = "of the store";

	private final X509Bundle authority;

	private TestCertificates(X509Bundle authority) {
		this.authority = authority;
	}

	public static TestCertificates authority(String name) {
		return new TestCertificates(build(() -> valid(name).setIsCertificateAuthority(true).buildSelfSigned()));
	}

	private static CertificateBuilder valid(String name) {
		Instant now = Instant.now();
		return new CertificateBuilder().subject("CN=" + name)
			.notBefore(now.minus(Duration.ofDays(1)))
			.notAfter(now.plus(Duration.ofDays(90)))
			.ecp256();
	}

	/**
	 * A server's certificate for a host name, and for 127.0.0.1.
	 */
	public X509Bundle server(String host) {
		return build(() -> valid(host).addSanDnsName(host)
			.addSanIpAddress("127.0.0.1")
			.addExtendedKeyUsageServerAuth()
			.buildIssuedBy(this.authority));
	}

	public X509Bundle rsaServer(String host) {
		return build(() -> valid(host).rsa2048()
			.addSanDnsName(host)
			.addSanIpAddress("127.0.0.1")
			.addExtendedKeyUsageServerAuth()
			.buildIssuedBy(this.authority));
	}

	/**
	 * A server's certificate for these keys.
	 */
	public X509Bundle server(String host, KeyPair keys) {
		return build(() -> valid(host).keyPair(keys)
			.addSanDnsName(host)
			.addExtendedKeyUsageServerAuth()
			.buildIssuedBy(this.authority));
	}

	public X509Bundle client(String name) {
		return build(() -> valid(name).addExtendedKeyUsageClientAuth().buildIssuedBy(this.authority));
	}

	public X509Bundle expiredClient(String name) {
		return build(() -> valid(name).notBefore(Instant.now().minus(Duration.ofDays(2)))
			.notAfter(Instant.now().minus(Duration.ofDays(1)))
			.addExtendedKeyUsageClientAuth()
			.buildIssuedBy(this.authority));
	}

	/**
	 * The authority's own certificate, as PEM.
	 */
	public String pem() {
		return this.authority.getCertificatePEM();
	}

	/**
	 * What a server is made of that has this certificate, and trusts the clients of an
	 * authority.
	 * @param trusted null for no trust store
	 */
	public static SslBundle bundle(X509Bundle certificate, @Nullable TestCertificates trusted) {
		PemSslStoreDetails keys = PemSslStoreDetails.forCertificate(certificate.getCertificatePathPEM())
			.withPrivateKey(certificate.getPrivateKeyPEM());
		SslStoreBundle stores = new PemSslStoreBundle(keys,
				(trusted != null) ? PemSslStoreDetails.forCertificate(trusted.pem()) : null);
		return SslBundle.of(stores);
	}

	/**
	 * What a client is made of that trusts servers of an authority, and has no
	 * certificate.
	 */
	public static SslBundle trusting(TestCertificates authority) {
		return SslBundle.of(new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(authority.pem())));
	}

	/**
	 * What a client has that trusts servers of this authority.
	 * @param certificate its own; null for none
	 */
	public SSLContext clientContext(@Nullable X509Bundle certificate) {
		try {
			KeyManagerFactory keys = (certificate != null) ? certificate.toKeyManagerFactory() : null;
			SSLContext context = SSLContext.getInstance("TLS");
			context.init((keys != null) ? keys.getKeyManagers() : null,
					this.authority.toTrustManagerFactory().getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Writes a certificate with its chain, and its key, into {@code tls.crt} and
	 * {@code tls.key}.
	 */
	public static void write(X509Bundle certificate, Path folder) {
		try {
			Files.writeString(folder.resolve("tls.crt"), certificate.getCertificatePathPEM());
			Files.writeString(folder.resolve("tls.key"), certificate.getPrivateKeyPEM());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Writes Java's own stores: a certificate with its chain and key into {@code keys},
	 * and an authority whose certificates are trusted into {@code trusted}.
	 * @param type JKS, where the key has a password of its own, or PKCS12
	 */
	public static void writeStores(String type, X509Bundle certificate, TestCertificates trusted, Path folder) {
		write(type, folder.resolve("keys"),
				(store) -> store.setKeyEntry("server", certificate.getKeyPair().getPrivate(),
						keyPassword(type).toCharArray(), certificate.getCertificatePath()));
		write(type, folder.resolve("trusted"),
				(store) -> store.setCertificateEntry("authority", trusted.authority.getCertificate()));
	}

	public static String keyPassword(String type) {
		return type.equals("JKS") ? "of the key" : STORE_PASSWORD;
	}

	private static void write(String type, Path file, Content content) {
		try (OutputStream output = Files.newOutputStream(file)) {
			KeyStore store = KeyStore.getInstance(type);
			store.load(null, null);
			content.put(store);
			store.store(output, STORE_PASSWORD.toCharArray());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What a server is made of that has these stores.
	 */
	public static SslBundle stores(String type, Path folder) {
		return SslBundle.of(
				new JksSslStoreBundle(store(type, folder.resolve("keys")), store(type, folder.resolve("trusted"))),
				SslBundleKey.of(keyPassword(type)));
	}

	private static JksSslStoreDetails store(String type, Path file) {
		return new JksSslStoreDetails(type, null, file.toUri().toString(), STORE_PASSWORD);
	}

	private static X509Bundle build(Build build) {
		try {
			return build.run();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@FunctionalInterface
	private interface Content {

		void put(KeyStore store) throws GeneralSecurityException;

	}

	@FunctionalInterface
	private interface Build {

		X509Bundle run() throws Exception;

	}

}
