package dev.echod.admin;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.AbstractAuthenticationToken;

/**
 * Who a request's cookie says that it comes from.
 */
class SessionLogin extends AbstractAuthenticationToken {

	private static final long serialVersionUID = 1;

	private final transient Session session;

	private final transient Sessions sessions;

	SessionLogin(Session session, Sessions sessions) {
		super(session.user().getAuthorities());
		this.session = session;
		this.sessions = sessions;
		setAuthenticated(true);
	}

	Session session() {
		return this.session;
	}

	/**
	 * Whether the session is over by now.
	 */
	boolean isOver() {
		return this.sessions.isOver(this.session);
	}

	@Override
	public Object getPrincipal() {
		return Objects.requireNonNull(this.session.user().getPrincipal());
	}

	@Override
	public @Nullable Object getCredentials() {
		return null;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this);
	}

}
