package dev.echod.admin;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Level;
import dev.echod.refusal.RefusedRequests.Reason;
import dev.echod.testing.LogCapture;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.audit.AuditEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How refusals are told of, by a clock that the test moves.
 */
class RecordedRefusalsTests {

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);

	private final AuditTrail trail = new AuditTrail();

	private final RecordedRefusals refusals = new RecordedRefusals(new ChangeAudit(this.trail), this.clock::get);

	private void refuse(String address, int times) {
		for (int i = 0; i < times; i++) {
			this.refusals.add("anonymous", "GET /", InetAddress.ofLiteral(address), Reason.WRONG_PASSWORD,
					"It is wrong");
		}
	}

	/**
	 * How many each record so far told of.
	 */
	private List<Object> told() {
		return this.trail.find(null, null, AuditTrail.REFUSED)
			.stream()
			.map((event) -> event.getData().get("times"))
			.toList();
	}

	private void pass(Duration time) {
		this.clock.addAndGet(time.toNanos());
		this.refusals.tellDue();
	}

	@Test
	void firstIsToldAtOnceAndTheRestWhenTheMinuteIsOver() {
		refuse("10.0.0.1", 8);
		assertThat(told()).containsExactly(1L);
		pass(Duration.ofMinutes(1).minusNanos(1));
		assertThat(told()).containsExactly(1L);
		pass(Duration.ofNanos(1));
		assertThat(told()).containsExactlyInAnyOrder(1L, 7L);
		refuse("10.0.0.1", 2);
		pass(Duration.ofSeconds(59));
		assertThat(told()).hasSize(2);
		pass(Duration.ofSeconds(1));
		assertThat(told()).containsExactlyInAnyOrder(1L, 7L, 2L);
		pass(Duration.ofMinutes(1));
		assertThat(told()).as("nothing came").hasSize(3);
		refuse("10.0.0.1", 1);
		assertThat(told()).as("at once again").hasSize(4);
	}

	@Test
	void endOfTheServiceTellsTheRest() {
		refuse("10.0.0.1", 5);
		refuse("10.0.0.2", 1);
		this.refusals.destroy();
		assertThat(told()).containsExactlyInAnyOrder(1L, 4L, 1L);
	}

	@Test
	void recordSaysWhoWhereAndWhyAtLast() {
		refuse("10.0.0.1", 1);
		this.refusals.add("operator", "POST /actuator/drain", InetAddress.ofLiteral("10.0.0.1"), Reason.WRONG_PASSWORD,
				"It is wrong again");
		this.refusals.destroy();
		AuditEvent last = this.trail.find("operator", null, AuditTrail.REFUSED).getFirst();
		assertThat(last.getData()).containsExactlyInAnyOrderEntriesOf(
				Map.of("what", "POST /actuator/drain", "source", "10.0.0.1", "why", "It is wrong again", "times", 1L));
	}

	@Test
	void addressesOfOneNetworkAreToldAsOne() {
		refuse("2001:db8::1", 1);
		refuse("2001:db8::2", 1);
		refuse("2001:db8:1::1", 1);
		assertThat(told()).hasSize(2);
	}

	/**
	 * Events tell the reasons apart, and the log has one line for all of them.
	 */
	@Test
	void reasonsOfASourceAreEventsOfTheirOwnAndOneLineAMinute() {
		try (LogCapture log = new LogCapture()) {
			refuse("10.0.0.1", 3);
			for (int i = 0; i < 2; i++) {
				this.refusals.add("viewer", "DELETE /drain", InetAddress.ofLiteral("10.0.0.1"), Reason.NOT_ALLOWED,
						"Only the operator may");
			}
			assertThat(told()).as("the first of each reason").containsExactly(1L, 1L);
			assertThat(lines(log)).containsExactly("REFUSED: GET / by anonymous from 10.0.0.1, because: It is wrong");
			pass(Duration.ofMinutes(1));
			assertThat(told()).containsExactlyInAnyOrder(1L, 1L, 2L, 1L);
			assertThat(lines(log)).hasSize(2)
				.last()
				.isEqualTo("REFUSED: DELETE /drain by viewer from 10.0.0.1, because: It is wrong (2 times); "
						+ "Only the operator may (2 times)");
			refuse("10.0.0.1", 1);
			assertThat(lines(log)).as("its next minute has begun").hasSize(2);
			pass(Duration.ofMinutes(1));
			assertThat(lines(log)).hasSize(3);
			pass(Duration.ofMinutes(1));
			refuse("10.0.0.1", 1);
			assertThat(lines(log)).as("at once again").hasSize(4);
		}
	}

	private static List<String> lines(LogCapture log) {
		return log.atLeast(Level.INFO).stream().map((line) -> line.replace("dev.echod.audit: ", "")).toList();
	}

	@Test
	void longRequestIsKeptByItsBeginning() {
		this.refusals.add("anonymous", "GET /" + "x".repeat(4_000), null, Reason.UNSAFE_REQUEST, "y".repeat(4_000));
		AuditEvent event = this.trail.find(null, null, AuditTrail.REFUSED).getFirst();
		assertThat(String.valueOf(event.getData().get("what"))).startsWith("GET /xxx").endsWith("x…").hasSize(301);
		assertThat(String.valueOf(event.getData().get("why"))).startsWith("yyy").endsWith("y…").hasSize(301);
	}

	/**
	 * Each takes turns with all others, and none of them is told of more than once.
	 */
	@Test
	void sourcesBeyondThoseThatAreToldApartAreToldTogether() {
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < 1_010; i++) {
				refuse(numbered(i), 1);
			}
		}
		assertThat(told()).hasSize(1_000).containsOnly(1L);
		pass(Duration.ofMinutes(1));
		assertThat(this.trail.find(null, null, AuditTrail.REFUSED))
			.filteredOn((event) -> !"It is wrong".equals(event.getData().get("why")))
			.singleElement()
			.satisfies((event) -> assertThat(event.getData()).containsEntry("times", 30L)
				.containsEntry("why", "More sources were refused than are told apart"));
	}

	@Test
	void sourcesThatAreOverMakeRoomForOthers() {
		for (int i = 0; i < 1_000; i++) {
			refuse(numbered(i), 1);
		}
		pass(Duration.ofMinutes(1));
		this.refusals.add("operator", "GET /", InetAddress.ofLiteral("10.0.0.1"), Reason.WRONG_PASSWORD, "It is wrong");
		assertThat(this.trail.find("operator", null, AuditTrail.REFUSED)).hasSize(1);
	}

	private static String numbered(int number) {
		return "11.0.%d.%d".formatted(number >> 8, number & 255);
	}

}
