package dev.echod.admin;

import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * For how long who sends a request is who it says.
 */
class CallerTests {

	private final AtomicLong nanos = new AtomicLong(-1);

	private final UsernamePasswordAuthenticationToken viewer = UsernamePasswordAuthenticationToken
		.authenticated("viewer", null, AuthorityUtils.createAuthorityList("ROLE_VIEWER", "FACTOR_PASSWORD"));

	@Test
	void whoHasNoSessionIsBelievedForAnHour() {
		Caller caller = Caller.of(this.viewer, this.nanos::get);
		assertThat(caller.roles()).containsExactly(Roles.VIEWER);
		assertThat(caller.csrfToken()).isNull();
		this.nanos.addAndGet(Caller.BELIEVED.toNanos());
		assertThat(caller.loggedOut().getAsBoolean()).isFalse();
		this.nanos.addAndGet(1);
		assertThat(caller.loggedOut().getAsBoolean()).isTrue();
	}

	@Test
	void whoHasOneIsBelievedAsLongAsItLasts() {
		Sessions sessions = new Sessions(this.nanos::get);
		Session session = sessions.begin(this.viewer);
		Caller caller = Caller.of(new SessionLogin(session, sessions), this.nanos::get);
		assertThat(caller.roles()).containsExactly(Roles.VIEWER);
		assertThat(caller.csrfToken()).isEqualTo(session.csrfToken());
		assertThat(caller.loggedOut().getAsBoolean()).isFalse();
		sessions.end(session);
		assertThat(caller.loggedOut().getAsBoolean()).isTrue();
	}

}
