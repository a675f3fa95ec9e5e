package dev.echod.admin;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * How failed logins are slowed down, by a clock that the test moves.
 */
class FailedLoginsTests {

	private static final String OPERATOR = "operator";

	private static final String VIEWER = "viewer";

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);

	private final AtomicInteger checks = new AtomicInteger();

	private final FailedLogins logins = new FailedLogins(Set.of(OPERATOR, VIEWER), this.clock::get);

	private static Source source(String address) {
		return Source.of(InetAddress.ofLiteral(address));
	}

	private void pass(Duration time) {
		this.clock.addAndGet(time.toNanos());
	}

	/**
	 * Tries to log in.
	 * @return 0 when it was checked; else the seconds that it is to wait
	 */
	private long attempt(String address, String user, boolean right) {
		Mono<Authentication> check = Mono.defer(() -> {
			this.checks.incrementAndGet();
			return right ? Mono.just(new TestingAuthenticationToken(user, ""))
					: Mono.error(new BadCredentialsException(""));
		});
		try {
			assertThat(this.logins.check(source(address), user, check).block()).isNotNull();
		}
		catch (BadCredentialsException ex) {
			assertThat(right).isFalse();
		}
		catch (TooManyFailuresException ex) {
			return ex.seconds();
		}
		return 0;
	}

	private long fail(String address, String user) {
		return attempt(address, user, false);
	}

	/**
	 * Fails so often that the source has to wait.
	 */
	private void slowDown(String address) {
		for (int i = 0; i <= UserLogins.FREE; i++) {
			assertThat(fail(address, OPERATOR)).isZero();
		}
	}

	@Test
	void someFailuresAreFreeThenTheWaitDoublesUpToAMinute() {
		slowDown("10.0.0.1");
		for (int wait : List.of(1, 2, 4, 8, 16, 32, 60, 60, 60)) {
			int checked = this.checks.get();
			assertThat(fail("10.0.0.1", OPERATOR)).isEqualTo(wait);
			pass(Duration.ofSeconds(wait).minusNanos(1));
			assertThat(attempt("10.0.0.1", OPERATOR, true)).isEqualTo(1);
			assertThat(this.checks).hasValue(checked);
			pass(Duration.ofNanos(1));
			assertThat(fail("10.0.0.1", OPERATOR)).isZero();
		}
	}

	@Test
	void otherSourcesDoNotWait() {
		slowDown("10.0.0.1");
		assertThat(fail("10.0.0.1", OPERATOR)).isPositive();
		assertThat(attempt("10.0.0.2", OPERATOR, true)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { VIEWER, "nobody" })
	void otherUsersOfTheSourceDoNotWait(String stale) {
		for (int i = 0; i <= UserLogins.FREE; i++) {
			assertThat(fail("10.0.0.1", stale)).isZero();
		}
		for (int i = 0; i < 40; i++) {
			pass(Duration.ofMillis(300));
			fail("10.0.0.1", stale);
			assertThat(attempt("10.0.0.1", OPERATOR, true)).isZero();
		}
		assertThat(fail("10.0.0.1", stale)).isPositive();
	}

	@Test
	void namesThatNoUserHasWaitTogether() {
		for (int i = 0; i <= UserLogins.FREE; i++) {
			assertThat(fail("10.0.0.1", "nobody" + i)).isZero();
		}
		assertThat(fail("10.0.0.1", "another")).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "2001:db8::1, 2001:db8::ffff:1, true", "2001:db8:0:1::1, 2001:db8:0:2::1, false",
			"::ffff:10.0.0.1, 10.0.0.1, true" })
	void networkOfIpv6IsOneSource(String one, String other, boolean same) {
		slowDown(one);
		assertThat(fail(other, OPERATOR) > 0).isEqualTo(same);
	}

	@Test
	void successForgets() {
		slowDown("10.0.0.1");
		pass(Duration.ofSeconds(1));
		assertThat(attempt("10.0.0.1", OPERATOR, true)).isZero();
		slowDown("10.0.0.1");
		assertThat(fail("10.0.0.1", OPERATOR)).isEqualTo(1);
	}

	@Test
	void successAsOneUserDoesNotForgetGuessesAtTheOther() {
		slowDown("10.0.0.1");
		pass(Duration.ofSeconds(1));
		assertThat(attempt("10.0.0.1", VIEWER, true)).isZero();
		assertThat(fail("10.0.0.1", OPERATOR)).isZero();
		assertThat(fail("10.0.0.1", OPERATOR)).isEqualTo(2);
	}

	@Test
	void hourWithoutAFailureForgets() {
		slowDown("10.0.0.1");
		pass(Duration.ofHours(1));
		assertThat(fail("10.0.0.1", OPERATOR)).isZero();
		assertThat(fail("10.0.0.1", OPERATOR)).isEqualTo(2);
		pass(Duration.ofHours(1).plusNanos(1));
		slowDown("10.0.0.1");
	}

	@Test
	void guessesThatComeAtOnceAreNotAllChecked() {
		List<Sinks.One<Authentication>> running = new ArrayList<>();
		AtomicInteger slowed = new AtomicInteger();
		AtomicInteger wrong = new AtomicInteger();
		for (int i = 0; i < 50; i++) {
			start("10.0.0.1", running).subscribe((success) -> {
			}, (ex) -> ((ex instanceof TooManyFailuresException) ? slowed : wrong).incrementAndGet());
		}
		assertThat(running).hasSize(UserLogins.FREE + 1);
		assertThat(slowed).hasValue(0);
		running.forEach((check) -> check.tryEmitError(new BadCredentialsException("")));
		assertThat(running).hasSize(UserLogins.FREE + 1);
		assertThat(wrong).hasValue(UserLogins.FREE + 1);
		assertThat(slowed).hasValue(50 - UserLogins.FREE - 1);
	}

	private Mono<Authentication> start(String address, List<Sinks.One<Authentication>> running) {
		return start(this.logins, address, running);
	}

	private static Mono<Authentication> start(FailedLogins logins, String address,
			List<Sinks.One<Authentication>> running) {
		return logins.check(source(address), OPERATOR, Mono.defer(() -> {
			Sinks.One<Authentication> result = Sinks.one();
			running.add(result);
			return result.asMono();
		}));
	}

	@Test
	void rightOnesThatComeAtOnceAreAllChecked() {
		List<Sinks.One<Authentication>> running = new ArrayList<>();
		AtomicInteger succeeded = new AtomicInteger();
		for (int i = 0; i < 50; i++) {
			start("10.0.0.1", running).onErrorComplete().subscribe((success) -> succeeded.incrementAndGet());
		}
		for (int i = 0; i < 50; i++) {
			assertThat(running).hasSize(Math.min(50, UserLogins.FREE + 1 + i));
			running.get(i).tryEmitValue(new TestingAuthenticationToken(OPERATOR, ""));
		}
		assertThat(succeeded).hasValue(50);
	}

	@Test
	void whoLeavesIsCountedAndHoldsItsPlaceToTheEndOfItsCheck() {
		List<Throwable> dropped = new ArrayList<>();
		Hooks.onErrorDropped(dropped::add);
		try {
			List<Sinks.One<Authentication>> running = new ArrayList<>();
			List<Disposable> clients = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				clients.add(start("10.0.0.1", running).onErrorComplete().subscribe());
			}
			clients.forEach(Disposable::dispose);
			start("10.0.0.1", running).onErrorComplete().subscribe();
			assertThat(running).hasSize(UserLogins.FREE + 1);
			assertThat(running).allSatisfy((check) -> assertThat(check.currentSubscriberCount()).isEqualTo(1));
			running.forEach((check) -> check.tryEmitError(new BadCredentialsException("")));
			assertThat(running).hasSize(UserLogins.FREE + 1);
			assertThat(attempt("10.0.0.1", OPERATOR, true)).isEqualTo(1);
			assertThat(dropped).isEmpty();
		}
		finally {
			Hooks.resetOnErrorDropped();
		}
	}

	@Test
	void whoLeavesIsLetInAgainWhenItsCheckSucceeded() {
		List<Sinks.One<Authentication>> running = new ArrayList<>();
		for (int i = 0; i <= UserLogins.FREE; i++) {
			start("10.0.0.1", running).subscribe().dispose();
		}
		assertThat(running).hasSize(UserLogins.FREE + 1);
		running.forEach((check) -> check.tryEmitValue(new TestingAuthenticationToken(OPERATOR, "")));
		assertThat(attempt("10.0.0.1", OPERATOR, true)).isZero();
	}

	@Test
	void whoLeavesWhileItWaitsMakesRoomForOthers() {
		List<Sinks.One<Authentication>> running = new ArrayList<>();
		List<Disposable> clients = new ArrayList<>();
		for (int i = 0; i < UserLogins.FREE + 1 + 100; i++) {
			clients.add(start("10.0.0.1", running).onErrorComplete().subscribe());
		}
		clients.getLast().dispose();
		AtomicInteger refused = new AtomicInteger();
		for (int i = 0; i < 2; i++) {
			start("10.0.0.1", running).subscribe((success) -> {
			}, (ex) -> refused.incrementAndGet());
		}
		assertThat(refused).hasValue(1);
	}

	@Test
	void whoWaitsTooLongIsRefused() {
		FailedLogins hasty = new FailedLogins(Set.of(OPERATOR), this.clock::get, Duration.ofMillis(50));
		List<Sinks.One<Authentication>> running = new ArrayList<>();
		AtomicInteger refused = new AtomicInteger();
		for (int i = 0; i < UserLogins.FREE + 1 + 3; i++) {
			start(hasty, "10.0.0.1", running).subscribe((success) -> {
			}, (ex) -> refused.addAndGet((ex instanceof TooManyFailuresException) ? 1 : 0));
		}
		await().until(() -> refused.get() == 3);
		running.getFirst().tryEmitValue(new TestingAuthenticationToken(OPERATOR, ""));
		assertThat(running).as("none is left that waits").hasSize(UserLogins.FREE + 1);
	}

	@Test
	void noMoreThanAHundredWait() {
		List<Sinks.One<Authentication>> running = new ArrayList<>();
		for (int i = 0; i < UserLogins.FREE + 1 + 100; i++) {
			start("10.0.0.1", running).onErrorComplete().subscribe();
		}
		assertThatExceptionOfType(TooManyFailuresException.class)
			.isThrownBy(() -> start("10.0.0.1", running).block(Duration.ofSeconds(5)))
			.returns(1L, TooManyFailuresException::seconds);
	}

	/**
	 * The others that wait are refused with it: there is no room for them either.
	 */
	@Test
	void whatThereWasNoRoomToLookAtIsNoFailure() {
		List<Sinks.One<Authentication>> running = new ArrayList<>();
		AtomicInteger refused = new AtomicInteger();
		for (int i = 0; i < 50; i++) {
			start("10.0.0.1", running).subscribe((success) -> {
			}, (ex) -> refused.addAndGet((ex instanceof TooManyFailuresException) ? 1 : 0));
		}
		running.forEach((check) -> check.tryEmitError(new TooManyFailuresException(0)));
		assertThat(running).hasSize(UserLogins.FREE + 1);
		assertThat(refused).hasValue(50);
		slowDown("10.0.0.1");
	}

	private static String numbered(int number) {
		return "11.%d.%d.%d".formatted(number >> 16, (number >> 8) & 255, number & 255);
	}

	@Test
	void whoHasManySourcesCannotHaveItsOwnForgotten() {
		slowDown("10.0.0.1");
		for (int i = 0; i < 25_000; i++) {
			fail(numbered(i), OPERATOR);
		}
		assertThat(fail("10.0.0.1", OPERATOR)).isEqualTo(1);
		for (int i = 0; i < 12_000; i++) {
			slowDown(numbered(i));
		}
		pass(Duration.ofSeconds(1));
		assertThat(fail("10.0.0.1", OPERATOR)).isZero();
		assertThat(fail("10.0.0.1", OPERATOR)).isEqualTo(2);
		assertThat(fail(numbered(11_999), OPERATOR)).as("beyond those that are kept").isZero();
		assertThat(fail(numbered(11_999), OPERATOR)).isEqualTo(2);
		assertThat(attempt("10.0.0.2", OPERATOR, true)).isZero();
	}

}
