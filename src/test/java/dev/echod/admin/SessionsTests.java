package dev.echod.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long a session lasts, and how many there are.
 */
class SessionsTests {

	private final AtomicLong nanos = new AtomicLong();

	private final Sessions sessions = new Sessions(this.nanos::get);

	private static Authentication user(String name) {
		return UsernamePasswordAuthenticationToken.authenticated(name, null,
				AuthorityUtils.createAuthorityList("ROLE_VIEWER"));
	}

	private void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	@Test
	void sessionThatIsNotUsedIsOver() {
		Session session = this.sessions.begin(user("viewer"));
		pass(Sessions.IDLE);
		assertThat(this.sessions.use(session.id())).isSameAs(session);
		pass(Sessions.IDLE);
		assertThat(this.sessions.isOver(session)).isFalse();
		pass(Duration.ofNanos(1));
		assertThat(this.sessions.isOver(session)).isTrue();
		assertThat(this.sessions.use(session.id())).isNull();
	}

	@Test
	void sessionThatIsUsedAllTheTimeIsOverInTheEnd() {
		Session session = this.sessions.begin(user("viewer"));
		for (Duration age = Duration.ZERO; age.compareTo(Sessions.LONGEST) < 0; age = age.plus(Sessions.IDLE)) {
			assertThat(this.sessions.use(session.id())).isSameAs(session);
			pass(Sessions.IDLE);
		}
		pass(Duration.ofNanos(1));
		assertThat(this.sessions.use(session.id())).isNull();
	}

	@Test
	void endedSessionIsOver() {
		Session session = this.sessions.begin(user("viewer"));
		this.sessions.end(session);
		assertThat(this.sessions.isOver(session)).isTrue();
		assertThat(this.sessions.use(session.id())).isNull();
		assertThat(this.sessions.count()).isZero();
	}

	@Test
	void whoLogsInTooOftenEndsHisOwnSessionThatWasIdleLongest() {
		Session others = this.sessions.begin(user("operator"));
		List<Session> own = new ArrayList<>();
		for (int i = 0; i < Sessions.MOST_OF_A_USER; i++) {
			pass(Duration.ofMillis(1));
			own.add(this.sessions.begin(user("viewer")));
		}
		this.sessions.use(own.getFirst().id());
		this.sessions.begin(user("viewer"));
		assertThat(this.sessions.count()).isEqualTo(Sessions.MOST_OF_A_USER + 1);
		assertThat(own.stream().filter(this.sessions::isOver)).containsExactly(own.get(1));
		assertThat(this.sessions.isOver(others)).isFalse();
	}

	@Test
	void thoseThatAreOverAreForgottenAtTheNextLogin() {
		for (int i = 0; i < 5; i++) {
			this.sessions.begin(user("viewer"));
		}
		pass(Sessions.IDLE.plusNanos(1));
		this.sessions.begin(user("operator"));
		assertThat(this.sessions.count()).isEqualTo(1);
	}

	@Test
	void idsAndTokensAreNeverTheSame() {
		Session one = this.sessions.begin(user("viewer"));
		Session other = this.sessions.begin(user("viewer"));
		assertThat(List.of(one.id(), one.csrfToken(), other.id(), other.csrfToken())).doesNotHaveDuplicates()
			.allSatisfy((secret) -> assertThat(secret).hasSizeGreaterThan(40));
		assertThat(one.isCsrfToken(one.csrfToken())).isTrue();
		assertThat(one.isCsrfToken(other.csrfToken())).isFalse();
		assertThat(one.isCsrfToken(null)).isFalse();
	}

}
