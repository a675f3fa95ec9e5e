package dev.echod.admin;

/**
 * The admin API would be reachable from other machines with a password that nobody set.
 */
class ExposedAdminException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	ExposedAdminException(AdminBinding binding) {
		super("The admin API is bound to %s, where other machines can reach it, and the operator has no password"
			.formatted(binding));
	}

}
