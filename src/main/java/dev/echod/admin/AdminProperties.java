package dev.echod.admin;

import org.springframework.boot.context.properties.bind.DefaultValue;

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
	 * @param password password, plain or as {bcrypt}…
	 */
	public record Viewer(@DefaultValue("") String name, @DefaultValue("") String password) {

	}

}
