package dev.echod.client.load;

import java.util.ArrayList;
import java.util.List;

import dev.echod.client.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is compared with what.
 */
class RatiosTests {

	/**
	 * A run with so many messages in a second, each answered after so many microseconds.
	 */
	private static JsonReport.Run run(int port, int round, int messages, int micros) {
		Trial trial = new Trial(new Target("host", port), Loads.trial(1).address(), true, round);
		Figures figures = new Figures();
		for (int i = 0; i < messages; i++) {
			figures.answered(1, 64, micros * 1000L);
		}
		return JsonReport.Run.of(new LoadResult(Loads.plan("--messages 1"), trial, figures, 1, 0, new ArrayList<>()),
				List.of(), List.of());
	}

	private static JsonReport.Run failed(int port, int round) {
		Trial trial = new Trial(new Target("host", port), Loads.trial(1).address(), true, round);
		Figures figures = new Figures();
		figures.ended(ConnectionEnd.RESET);
		return JsonReport.Run.of(new LoadResult(Loads.plan("--messages 1"), trial, figures, 1, 0, List.of()), List.of(),
				List.of());
	}

	private static JsonReport report(String options, JsonReport.Run... runs) {
		return JsonReport.of(Loads.plan(options), List.of(runs));
	}

	@Test
	void eachTargetIsComparedWithTheFirstInTheSameRounds() {
		List<String> lines = Ratios.among(List.of(run(1, 1, 100, 10), run(2, 1, 200, 5), run(1, 2, 50, 20),
				run(2, 2, 100, 10), failed(1, 3), run(2, 3, 999, 1)));
		assertThat(lines).hasSize(2);
		assertThat(lines.getFirst()).startsWith("Compared with host:1, no delay on").endsWith("p99");
		assertThat(lines.getLast()).startsWith("host:2, no delay on")
			.contains("2.00 (2.00 to 2.00)")
			.endsWith("0.50 (0.50 to 0.50)");
	}

	@Test
	void oneTargetIsComparedWithNone() {
		assertThat(Ratios.among(List.of(run(1, 1, 100, 10), run(1, 2, 100, 10)))).isEmpty();
	}

	@Test
	void targetThatIsNamedTwiceIsComparedWithItself() {
		List<String> lines = Ratios.among(List.of(run(1, 1, 100, 10), run(1, 1, 200, 10), run(2, 1, 300, 10),
				run(1, 2, 100, 10), run(1, 2, 200, 10), run(2, 2, 300, 10)));
		assertThat(lines).hasSize(3);
		assertThat(lines.get(1)).startsWith("host:1, no delay on, again").contains("2.00 (2.00 to 2.00)");
		assertThat(lines.get(2)).startsWith("host:2, no delay on ").contains("3.00 (3.00 to 3.00)");
	}

	@Test
	void ofOneRoundEachItSaysThatItMayBeChance() {
		assertThat(Ratios.among(List.of(run(1, 1, 100, 10), run(2, 1, 200, 5)))).last()
			.asString()
			.contains("chance", "--rounds");
	}

	@Test
	void singleTargetIsComparedWithTheEarlierOneUnderAnotherName() {
		List<String> lines = Ratios.with(report("--messages 1", run(1, 1, 100, 10)),
				report("--messages 1", run(2, 1, 300, 10)));
		assertThat(lines).hasSize(3);
		assertThat(lines.get(1)).startsWith("host:2, no delay on").contains("3.00");
	}

	@Test
	void eachOfSeveralIsComparedWithItselfAndALoadThatWasPlannedOtherwiseIsToldOf() {
		List<String> lines = Ratios.with(report("--depth 2", run(1, 1, 100, 10), run(2, 1, 100, 10)),
				report("--depth 1", run(2, 1, 50, 10), run(3, 1, 300, 10)));
		assertThat(lines.get(1)).startsWith("host:2, no delay on").contains("0.50");
		assertThat(lines.get(2)).startsWith("host:3, no delay on").contains("nothing valid to compare");
		assertThat(lines.get(3)).contains("planned otherwise");
	}

}
