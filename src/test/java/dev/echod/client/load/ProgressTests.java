package dev.echod.client.load;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is told while a load runs.
 */
class ProgressTests {

	private final StringWriter out = new StringWriter();

	private final Figures figures = new Figures();

	private String show(boolean terminal, double seconds) {
		new Progress(new PrintWriter(this.out), terminal, Loads.plan("--warm-up 2s --duration 8s"))
			.show(new LoadRun.Interval((long) (seconds * 1e9), this.figures, 3));
		return this.out.toString();
	}

	@Test
	void whileItConnectsItTellsHowManyAreMade() {
		new Progress(new PrintWriter(this.out), true, Loads.plan("--connections 2000 --idle 1000")).show(1500);
		assertThat(this.out).hasToString("\rconnecting: 1,500 of 3,000\033[K");
	}

	@Test
	void whileItWarmsUpItSaysSo() {
		assertThat(show(false, 1)).isEqualToIgnoringNewLines("   1.0 s warming up   errors 0   open 3");
	}

	@Test
	void whereNothingCameBackNoLatencyIsTold() {
		assertThat(show(false, 3)).isEqualToIgnoringNewLines("   3.0 s            0 messages/s   errors 0   open 3");
	}

	@Test
	void rateIsThatOfTheTimeThatCounts() {
		for (int i = 0; i < 50; i++) {
			this.figures.answered(1, 64, TimeUnit.MILLISECONDS.toNanos(2));
		}
		assertThat(show(false, 2.5)).startsWith("   2.5 s          100 messages/s   p50 2.00").contains("   p99 2.00");
	}

	@Test
	void onATerminalOneLineIsDrawnAgainWithHowMuchIsDone() {
		assertThat(show(true, 5)).startsWith("\r[##########----------]").endsWith("open 3\033[K").doesNotContain("\n");
	}

}
