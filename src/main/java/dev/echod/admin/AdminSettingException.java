package dev.echod.admin;

/**
 * Properties of the admin API contradict each other, or one is missing.
 */
class AdminSettingException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String action;

	/**
	 * Create an exception.
	 * @param description one sentence that says what is wrong, with the properties
	 * @param action one that says what to do
	 */
	AdminSettingException(String description, String action) {
		super(description);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
