package dev.echod.admin;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Who may use the admin API.
 *
 * @param operator may read and change
 * @param viewer may read
 */
public record AdminProperties(@DefaultValue Operator operator, @DefaultValue Viewer viewer) {

	/**
	 * Who may read and change.
	 *
	 * @param name user name
	 * @param password password, plain or as {bcrypt}…; empty: generated and logged once
	 * at the start
	 */
	public record Operator(@DefaultValue("operator") String name, @DefaultValue("") String password) {

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
		}

	}

}
