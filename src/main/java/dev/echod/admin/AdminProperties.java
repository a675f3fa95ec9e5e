package dev.echod.admin;

import java.util.List;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Who may use the admin API.
 *
 * @param operator may read and change
 * @param viewer may read
 * @param x509 whose certificates are taken in the place of a password
 * @param jwt whose tokens are, where spring.security.oauth2.resourceserver.jwt says who
 * issues them
 */
public record AdminProperties(@DefaultValue Operator operator, @DefaultValue Viewer viewer, @DefaultValue X509 x509,
		@DefaultValue Jwt jwt) {

	static final String BCRYPT = "{bcrypt}";

	private static final Pattern BCRYPT_HASH = Pattern.compile("\\$2[aby]?\\$\\d\\d\\$[./0-9A-Za-z]{53}");

	public AdminProperties {
		Assert.isTrue(!viewer.name().equals(operator.name()),
				() -> "echod.admin.viewer.name must not be the operator's, '%s'".formatted(operator.name()));
	}

	private static void check(String property, String password) {
		Assert.isTrue(
				!password.startsWith(BCRYPT) || BCRYPT_HASH.matcher(password.substring(BCRYPT.length())).matches(),
				() -> property
						+ " starts with {bcrypt}, but no bcrypt hash follows, which is $2a$10$ and 53 characters");
	}

	/**
	 * An empty one, as of a variable that is not set, would let in whose own is empty.
	 */
	private static void check(String property, List<String> names) {
		Assert.isTrue(names.stream().noneMatch(String::isBlank), () -> property + " has one that is empty");
	}

	private static String hidden(String password) {
		return password.isEmpty() ? "none" : "***";
	}

	/**
	 * Who may read and change.
	 *
	 * @param name user name
	 * @param password password, plain or as {bcrypt}…; empty: generated and logged once
	 * at the start
	 */
	public record Operator(@DefaultValue("operator") String name, @DefaultValue("") String password) {

		public Operator {
			Assert.hasText(name, "echod.admin.operator.name must not be empty");
			check("echod.admin.operator.password", password);
		}

		@Override
		public String toString() {
			return "Operator[name=%s, password=%s]".formatted(this.name, hidden(this.password));
		}

	}

	/**
	 * Who may read.
	 *
	 * @param name user name; empty: there is no viewer
	 * @param password password, plain or as {bcrypt}…; needed by a viewer
	 */
	public record Viewer(@DefaultValue("") String name, @DefaultValue("") String password) {

		public Viewer {
			Assert.isTrue(name.isEmpty() || !password.isEmpty(),
					() -> "echod.admin.viewer.password must be set for the viewer '%s'".formatted(name));
			check("echod.admin.viewer.password", password);
		}

		@Override
		public String toString() {
			return "Viewer[name=%s, password=%s]".formatted(this.name, hidden(this.password));
		}

	}

	/**
	 * Whose certificates are taken.
	 *
	 * @param principal what of a certificate is compared: cn, the common name of its
	 * subject, or san, each DNS name, e-mail address and URI of its subjectAltName
	 * @param operators names of those who may read and change
	 * @param viewers names of those who may read
	 */
	public record X509(@DefaultValue("cn") CertificateName principal, @DefaultValue List<String> operators,
			@DefaultValue List<String> viewers) {

		public X509 {
			check("echod.admin.x509.operators", operators);
			check("echod.admin.x509.viewers", viewers);
		}

		boolean isSet() {
			return !this.operators.isEmpty() || !this.viewers.isEmpty();
		}

	}

	/**
	 * Whose tokens are taken.
	 *
	 * @param claim claim that says what someone may; of a nested one the path, such as
	 * realm_access.roles; empty: no tokens are taken
	 * @param operators values of those who may read and change
	 * @param viewers values of those who may read
	 */
	public record Jwt(@DefaultValue("") String claim, @DefaultValue List<String> operators,
			@DefaultValue List<String> viewers) {

		public Jwt {
			check("echod.admin.jwt.operators", operators);
			check("echod.admin.jwt.viewers", viewers);
			boolean anybody = !operators.isEmpty() || !viewers.isEmpty();
			Assert.isTrue(claim.isEmpty() || anybody, () -> "echod.admin.jwt.claim is '%s', but neither "
				.formatted(claim)
					+ "echod.admin.jwt.operators nor echod.admin.jwt.viewers says which of its values let somebody in");
			Assert.isTrue(!claim.isEmpty() || !anybody,
					"echod.admin.jwt.claim must name the claim that echod.admin.jwt.operators and "
							+ "echod.admin.jwt.viewers are values of");
		}

	}

}
