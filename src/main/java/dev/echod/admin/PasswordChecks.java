package dev.echod.admin;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.security.authentication.UserDetailsRepositoryReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Looks at passwords. Those that are kept as bcrypt take a processor a good part of a
 * second, and {@link FailedLogins} lets everyone have some looked at: they have threads
 * of their own, so that even thousands who guess keep nobody from health and drain, and
 * leave the other processors to the connections.
 */
class PasswordChecks implements DisposableBean {

	/**
	 * Half the processors, and two at most.
	 */
	static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 2);

	/**
	 * Passwords that wait for a thread, from all sources together.
	 */
	static final int MOST_WAITING = 100;

	/**
	 * How long a password waits for a thread, the time included that it waited for others
	 * of its source.
	 */
	static final Duration MOST_WAIT = Duration.ofSeconds(10);

	private final Scheduler threads = Schedulers.newBoundedElastic(THREADS, MOST_WAITING / THREADS, "password");

	private final ReactiveUserDetailsService users;

	private final UserDetailsRepositoryReactiveAuthenticationManager plain;

	private final UserDetailsRepositoryReactiveAuthenticationManager hashed;

	private final LongSupplier nanoClock;

	PasswordChecks(ReactiveUserDetailsService users, PasswordEncoder encoder, LongSupplier nanoClock) {
		this.users = users;
		this.plain = new UserDetailsRepositoryReactiveAuthenticationManager(users);
		this.plain.setPasswordEncoder(encoder);
		this.hashed = new UserDetailsRepositoryReactiveAuthenticationManager(users);
		this.hashed.setPasswordEncoder(encoder);
		this.hashed.setScheduler(Schedulers.immediate());
		this.nanoClock = nanoClock;
	}

	/**
	 * The check of a user name and password that have come now, whenever it is subscribed
	 * to.
	 * @return what the check says; a {@link TooManyFailuresException} if there was none,
	 * as too many wait or this one did for too long
	 */
	Mono<Authentication> of(Authentication login) {
		long came = this.nanoClock.getAsLong();
		return this.users.findByUsername(login.getName())
			.map(PasswordChecks::isHashed)
			.defaultIfEmpty(false)
			.flatMap((slow) -> slow ? whenThereIsAThread(login, came) : this.plain.authenticate(login));
	}

	private static boolean isHashed(UserDetails user) {
		String password = user.getPassword();
		return password != null && password.startsWith(AdminProperties.BCRYPT);
	}

	/**
	 * What follows the check, the request itself, is not for these threads.
	 */
	private Mono<Authentication> whenThereIsAThread(Authentication login, long came) {
		return Mono
			.defer(() -> waitedTooLong(came) ? Mono.error(new TooManyFailuresException(0))
					: this.hashed.authenticate(login))
			.subscribeOn(this.threads)
			.onErrorMap(RejectedExecutionException.class, (ex) -> new TooManyFailuresException(0))
			.publishOn(Schedulers.boundedElastic());
	}

	private boolean waitedTooLong(long came) {
		return this.nanoClock.getAsLong() - came > MOST_WAIT.toNanos();
	}

	@Override
	public void destroy() {
		this.threads.dispose();
	}

}
