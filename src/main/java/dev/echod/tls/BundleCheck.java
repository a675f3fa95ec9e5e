package dev.echod.tls;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Collections;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.NestedExceptionUtils;

/**
 * Finds out whether a bundle can be used: its files can be read, and each of its keys
 * belongs to its certificate, which is not so while one of two files is replaced.
 */
final class BundleCheck {

	private static final byte[] SAMPLE = { 1, 2, 3, 4 };

	private BundleCheck() {
	}

	/**
	 * Checks a bundle.
	 * @throws GeneralSecurityException if it cannot be used
	 * @throws RuntimeException if it cannot be used
	 */
	static void check(SslBundle bundle) throws GeneralSecurityException {
		KeyStore keys = bundle.getStores().getKeyStore();
		if (keys != null) {
			String password = bundle.getKey().getPassword();
			if (password == null) {
				password = bundle.getStores().getKeyStorePassword();
			}
			for (String alias : Collections.list(keys.aliases())) {
				Key key = keys.isKeyEntry(alias)
						? keys.getKey(alias, (password != null) ? password.toCharArray() : null) : null;
				if (key instanceof PrivateKey secret) {
					checkPair(secret, keys.getCertificate(alias).getPublicKey());
				}
			}
		}
		bundle.createSslContext();
	}

	private static void checkPair(PrivateKey secret, PublicKey known) throws GeneralSecurityException {
		String algorithm = switch (known.getAlgorithm()) {
			case "RSA" -> "SHA256withRSA";
			case "EC" -> "SHA256withECDSA";
			case "EdDSA", "Ed25519", "Ed448" -> known.getAlgorithm();
			default -> null;
		};
		if (!secret.getAlgorithm().equals(known.getAlgorithm())
				|| (algorithm != null && !verifies(algorithm, secret, known))) {
			throw new GeneralSecurityException("The private key does not belong to the certificate");
		}
	}

	private static boolean verifies(String algorithm, PrivateKey secret, PublicKey known)
			throws GeneralSecurityException {
		Signature signature = Signature.getInstance(algorithm);
		signature.initSign(secret);
		signature.update(SAMPLE);
		byte[] signed = signature.sign();
		signature.initVerify(known);
		signature.update(SAMPLE);
		return signature.verify(signed);
	}

	/**
	 * What is wrong, in one line.
	 */
	static String describe(Throwable failure) {
		String message = NestedExceptionUtils.getMostSpecificCause(failure).getMessage();
		return oneLine((message != null) ? message : failure.toString());
	}

	private static String oneLine(String text) {
		return text.replaceAll("\\s+", " ");
	}

}
