package dev.echod.admin;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * What the operator logs in with.
 *
 * @param text password, plain or as {bcrypt}…
 * @param generated whether it was made for this run, because none is configured
 */
record OperatorPassword(String text, boolean generated) {

	private static final int GENERATED_BYTES = 18;

	/**
	 * Takes the configured password, or makes one.
	 * @throws ExposedAdminException if none is configured, and other machines can reach
	 * the admin API
	 */
	static OperatorPassword of(AdminProperties.Operator operator, AdminBinding binding) {
		if (!operator.password().isEmpty()) {
			return new OperatorPassword(operator.password(), false);
		}
		if (binding.isExposed()) {
			throw new ExposedAdminException(binding);
		}
		byte[] random = new byte[GENERATED_BYTES];
		new SecureRandom().nextBytes(random);
		return new OperatorPassword(Base64.getUrlEncoder().encodeToString(random), true);
	}

	@Override
	public String toString() {
		return "OperatorPassword[generated=%s]".formatted(this.generated);
	}

}
