package dev.echod.admin;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

/**
 * The admin API would be reachable from other machines with a password that nobody set.
 */
class ExposedAdminException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param address the address the admin API is bound to; null for all
	 */
	ExposedAdminException(@Nullable InetAddress address) {
		super("The admin API is bound to %s, where other machines can reach it, and the operator has no password"
			.formatted((address != null) ? address.getHostAddress() : "all addresses"));
	}

}
