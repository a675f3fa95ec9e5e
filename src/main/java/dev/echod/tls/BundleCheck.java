package dev.echod.tls;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Collections;

import org.jspecify.annotations.Nullable;

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
		Signature signature = signature(known);
		if (!secret.getAlgorithm().equals(known.getAlgorithm())
				|| (signature != null && !verifies(signature, secret, known))) {
			throw new GeneralSecurityException("The private key does not belong to the certificate");
		}
	}

	/**
	 * What keys of this kind sign with; null if it is not known.
	 */
	private static @Nullable Signature signature(PublicKey known) throws GeneralSecurityException {
		return switch (known.getAlgorithm()) {
			case "RSA" -> Signature.getInstance("SHA256withRSA");
			case "RSASSA-PSS" -> pss(known);
			case "EC" -> Signature.getInstance("SHA256withECDSA");
			case "EdDSA", "Ed25519", "Ed448" -> Signature.getInstance(known.getAlgorithm());
			default -> null;
		};
	}

	/**
	 * A key may be for one set of parameters alone (RFC 4055, section 1.2).
	 */
	private static Signature pss(PublicKey known) throws GeneralSecurityException {
		Signature signature = Signature.getInstance("RSASSA-PSS");
		AlgorithmParameterSpec own = (known instanceof RSAKey key) ? key.getParams() : null;
		signature.setParameter((own != null) ? own : new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256,
				32, PSSParameterSpec.TRAILER_FIELD_BC));
		return signature;
	}

	private static boolean verifies(Signature signature, PrivateKey secret, PublicKey known)
			throws GeneralSecurityException {
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
