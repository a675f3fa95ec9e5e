package dev.echod;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.echod.drain.Drain;
import dev.echod.testing.AdminClient;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The end of a process whose listeners are open, and whose application has not started: a
 * client that stays is reset at the drain's deadline, and the exit code tells.
 */
class TerminationTests {

	private final EchodProcess echod = EchodProcess.fromClasses("--spring.main.sources=" + LateStart.class.getName(),
			"--echod.drain.quiet=1h", "--echod.drain.deadline=100ms");

	@SuppressWarnings("NullAway.Init")
	private TestClient client;

	@BeforeEach
	void connect() throws IOException {
		await().atMost(EchodProcess.START_TIMEOUT).until(() -> this.echod.output().contains(LateStart.WAITS));
		this.client = new TestClient(this.echod.port());
		assertThat(this.client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
	}

	@AfterEach
	void close() throws IOException {
		this.echod.close();
		if (this.client != null) {
			this.client.close();
		}
	}

	/**
	 * Told in the log only when the application has started.
	 */
	private int adminPort() {
		Matcher matcher = Pattern.compile(LateStart.WAITS + " on port (\\d+)").matcher(this.echod.output());
		assertThat(matcher.find()).isTrue();
		return Integer.parseInt(matcher.group(1));
	}

	private void letTheStartGoOn() throws IOException {
		this.echod.process().getOutputStream().close();
	}

	@Tag("long")
	@Test
	void sigtermWaitsForTheStartAndItsForcedDrainIsTold() throws Exception {
		// As the process's own destroy() would close its input as well.
		this.echod.process().toHandle().destroy();
		await().until(() -> this.echod.output().contains("SIGTERM during the start"));
		letTheStartGoOn();
		assertThat(this.echod.awaitExit()).as(this.echod.output()).isEqualTo(Drain.FORCED_EXIT_CODE);
		assertThat(this.echod.output()).contains("Drain FORCED", "exit code 4, drain FORCED")
			.doesNotContain(" ERROR ", "\tat ");
	}

	@Tag("long")
	@Test
	void secondSigtermEndsAStartThatHangs() throws Exception {
		this.echod.process().toHandle().destroy();
		await().until(() -> this.echod.output().contains("SIGTERM during the start"));
		this.echod.process().toHandle().destroy();
		assertThat(this.echod.awaitExit()).as(this.echod.output()).isEqualTo(Drain.FORCED_EXIT_CODE);
	}

	@Tag("long")
	@Test
	void shutdownByAnOperatorWaitsForTheStartAndItsForcedDrainIsTold() throws Exception {
		try (AdminClient admin = new AdminClient(adminPort())) {
			assertThat(admin.call(AdminClient.OPERATOR, "POST", "shutdown", "").statusCode()).isEqualTo(200);
		}
		letTheStartGoOn();
		assertThat(this.echod.awaitExit()).as(this.echod.output()).isEqualTo(Drain.FORCED_EXIT_CODE);
		assertThat(this.echod.output()).contains("Drain FORCED", "exit code 4, drain FORCED")
			.doesNotContain(" ERROR ", "\tat ");
	}

	/**
	 * The last to start, which it does when its standard input ends.
	 */
	static class LateStart implements SmartLifecycle {

		static final String WAITS = "the start waits";

		private final Environment environment;

		private volatile boolean running;

		LateStart(Environment environment) {
			this.environment = environment;
		}

		@Override
		public void start() {
			System.out.println(WAITS + " on port " + this.environment.getProperty("local.server.port"));
			try {
				System.in.transferTo(System.out);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return Integer.MAX_VALUE;
		}

	}

}
