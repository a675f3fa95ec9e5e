package dev.echod.admin;

import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.echod.EchodApplication;
import dev.echod.testing.AdminClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.security.crypto.password.PasswordEncoder;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.OPERATOR;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Guesses at a password that is kept as bcrypt, from many addresses at once. A hash takes
 * until the test has seen what happens meanwhile.
 */
class BcryptLoginTests {

	private static final int SOURCES = 60;

	private static final int GUESSES = 3 * SOURCES;

	private static final int LOOKED_AT = PasswordChecks.THREADS + PasswordChecks.MOST_WAITING;

	private final SlowEncoder passwords = new SlowEncoder();

	private final Queue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();

	private ConfigurableApplicationContext start() {
		SpringApplication application = new SpringApplication(EchodApplication.class);
		application.addInitializers((context) -> ((GenericApplicationContext) context).registerBean(SlowEncoder.class,
				() -> this.passwords, (definition) -> definition.setPrimary(true)));
		return application.run("--server.port=0", "--echod.listeners.echo.port=0",
				"--echod.admin.operator.password=" + AdminProperties.BCRYPT + "$2a$12$" + "0".repeat(53),
				"--echod.admin.viewer.name=viewer", "--echod.admin.viewer.password=look");
	}

	@Test
	void guessesFromManyAddressesKeepNobodyFromTheRest() throws Exception {
		try (ConfigurableApplicationContext echod = start()) {
			int port = echod.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			List<AdminClient> guessers = IntStream.rangeClosed(1, SOURCES)
				.mapToObj((number) -> AdminClient.from("127.0.10." + number, port))
				.toList();
			try (AdminClient admin = new AdminClient(port)) {
				guessFrom(guessers, () -> assertServed(admin));
				assertThat(this.answers).hasSize(GUESSES).extracting(HttpResponse::statusCode).containsOnly(401, 429);
				assertThat(admin.call(OPERATOR, "GET", "listeners", "").statusCode()).isEqualTo(200);
			}
			finally {
				guessers.forEach(AdminClient::close);
			}
		}
	}

	/**
	 * Guesses from all at once, and looks at what happens before the first hash is there.
	 */
	private void guessFrom(List<AdminClient> guessers, Callable<?> meanwhile) throws Exception {
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			Collections.nCopies(GUESSES / SOURCES, guessers)
				.forEach((all) -> all.forEach((guesser) -> executor.submit(() -> guess(guesser))));
			try {
				await().until(() -> this.answers.size() == GUESSES - LOOKED_AT);
				meanwhile.call();
			}
			finally {
				this.passwords.end.countDown();
			}
		}
	}

	private boolean assertServed(AdminClient admin) throws Exception {
		assertThat(admin.call(NOBODY, "GET", "health/liveness", "").statusCode()).isEqualTo(200);
		assertThat(admin.call(VIEWER, "GET", "listeners", "").statusCode()).as("plain").isEqualTo(200);
		assertThat(this.answers).allSatisfy((answer) -> {
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
			assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
		});
		return true;
	}

	private boolean guess(AdminClient guesser) throws Exception {
		return this.answers.add(guesser.call("operator:wrong", "GET", "listeners", ""));
	}

	/**
	 * To which "secret" is the right password, or what is kept plain.
	 */
	private static final class SlowEncoder implements PasswordEncoder {

		private final CountDownLatch end = new CountDownLatch(1);

		@Override
		public @Nullable String encode(@Nullable CharSequence password) {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean matches(@Nullable CharSequence password, @Nullable String encoded) {
			if (!Objects.requireNonNull(encoded).startsWith(AdminProperties.BCRYPT)) {
				return encoded.equals("{plain}" + password);
			}
			try {
				return this.end.await(30, TimeUnit.SECONDS) && "secret".contentEquals(Objects.requireNonNull(password));
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
