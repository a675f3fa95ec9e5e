package dev.echod.admin;

import java.util.regex.Pattern;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Who may use the admin API.
 *
 * @param operator may read and change
 * @param viewer may read
 */
public record AdminProperties(@DefaultValue Operator operator, @DefaultValue Viewer viewer) {

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

}
