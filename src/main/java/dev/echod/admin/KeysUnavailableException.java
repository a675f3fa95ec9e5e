package dev.echod.admin;

import org.springframework.security.core.AuthenticationException;

/**
 * A token was not looked at, because the keys of who issues them cannot be had.
 */
class KeysUnavailableException extends AuthenticationException {

	private static final long serialVersionUID = 1L;

	KeysUnavailableException(Throwable cause) {
		super("The keys are not to be had", cause);
	}

}
