package dev.echod.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.crypto.password.PasswordEncoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Which passwords are looked at when there are many, by a clock that the test moves.
 */
class PasswordChecksTests {

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);

	private final AtomicInteger begun = new AtomicInteger();

	private final CountDownLatch end = new CountDownLatch(1);

	private final ReactiveUserDetailsService users = (name) -> Mono
		.just(User.withUsername(name).password(AdminProperties.BCRYPT).roles("OPERATOR").build());

	private final PasswordChecks checks = new PasswordChecks(this.users, new SlowEncoder(), this.clock::get);

	@AfterEach
	void stop() {
		this.end.countDown();
		this.checks.destroy();
	}

	private Mono<Authentication> check() {
		return this.checks.of(UsernamePasswordAuthenticationToken.unauthenticated("operator", "secret"));
	}

	private List<CompletableFuture<@Nullable Authentication>> start(int count) {
		List<CompletableFuture<@Nullable Authentication>> started = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			started.add(check().toFuture());
		}
		return started;
	}

	private List<CompletableFuture<@Nullable Authentication>> occupyThreads() {
		var running = start(PasswordChecks.THREADS);
		await().until(() -> this.begun.get() == PasswordChecks.THREADS);
		return running;
	}

	@Test
	void whoWaitedTooLongIsNotLookedAt() {
		var running = occupyThreads();
		CompletableFuture<@Nullable Authentication> tooLong = check().toFuture();
		this.clock.addAndGet(1);
		CompletableFuture<@Nullable Authentication> inTime = check().toFuture();
		this.clock.addAndGet(PasswordChecks.MOST_WAIT.toNanos());
		this.end.countDown();
		assertThat(inTime).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(tooLong).failsWithin(30, TimeUnit.SECONDS)
			.withThrowableThat()
			.withCauseInstanceOf(TooManyFailuresException.class);
		assertThat(running).allSatisfy((each) -> assertThat(each).succeedsWithin(30, TimeUnit.SECONDS));
		assertThat(this.begun).hasValue(PasswordChecks.THREADS + 1);
	}

	@Test
	void noMoreThanAHundredWait() {
		occupyThreads();
		var waiting = start(PasswordChecks.MOST_WAITING);
		assertThatExceptionOfType(TooManyFailuresException.class).isThrownBy(() -> check().block())
			.returns(1L, TooManyFailuresException::seconds);
		assertThat(waiting).noneMatch(CompletableFuture::isDone);
		this.end.countDown();
		assertThat(waiting).allSatisfy((each) -> assertThat(each).succeedsWithin(30, TimeUnit.SECONDS));
	}

	/**
	 * Takes every password, when the test says so.
	 */
	private final class SlowEncoder implements PasswordEncoder {

		@Override
		public @Nullable String encode(@Nullable CharSequence password) {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean matches(@Nullable CharSequence password, @Nullable String encoded) {
			PasswordChecksTests.this.begun.incrementAndGet();
			try {
				return PasswordChecksTests.this.end.await(30, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
