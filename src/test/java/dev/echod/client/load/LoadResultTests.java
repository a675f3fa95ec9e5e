package dev.echod.client.load;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whose figures they are.
 */
class LoadResultTests {

	private static final String RATE = "--rate 1000 --duration 1s";

	private final Figures figures = new Figures();

	private Verdict verdict(String options, double busy) {
		return new LoadResult(Loads.plan(options), Loads.trial(1), this.figures, 1, busy, List.of()).verdict();
	}

	private void messages(int count, long lagMillis, long responseMillis) {
		for (int i = 0; i < count; i++) {
			this.figures.answered(1, 64, TimeUnit.MILLISECONDS.toNanos(responseMillis - lagMillis),
					TimeUnit.MILLISECONDS.toNanos(responseMillis), TimeUnit.MILLISECONDS.toNanos(lagMillis));
		}
	}

	@Test
	void clientThatIsLateHasMeasuredItself() {
		messages(1000, 50, 60);
		assertThat(verdict(RATE, 0.5)).isEqualTo(Verdict.CLIENT_BOUND);
	}

	@Test
	void clientThatIsALittleLateHasMeasuredTheTarget() {
		messages(1000, 5, 200);
		assertThat(verdict(RATE, 0.5)).isEqualTo(Verdict.VALID);
	}

	/**
	 * What was late is one in a hundred, but a target that is that slow otherwise is
	 * measured all the same.
	 */
	@Test
	void clientThatStoodStillHasMeasuredItselfWhereItIsSeen() {
		messages(980, 0, 1);
		messages(20, 150, 160);
		assertThat(verdict(RATE, 0.5)).isEqualTo(Verdict.CLIENT_BOUND);
		messages(200, 0, 200);
		assertThat(verdict(RATE, 0.5)).isEqualTo(Verdict.VALID);
	}

	@Test
	void fewMessagesThatWereLateAreToldOf() {
		messages(9990, 0, 5);
		messages(10, 150, 160);
		LoadResult result = new LoadResult(Loads.plan(RATE), Loads.trial(1), this.figures, 1, 0.5, List.of());
		assertThat(result.verdict()).isEqualTo(Verdict.VALID);
		assertThat(result.late()).containsExactly(Figure.MAX);
		StringWriter out = new StringWriter();
		new Summary(new PrintWriter(out)).print(result, List.of());
		assertThat(out.toString()).contains("Had this client not been late itself: max 10.");
	}

	@Test
	void loadThatWasStoppedBeforeItConnectedHasNotFailed() {
		LoadResult result = new LoadResult(Loads.plan(RATE), Loads.trial(1), this.figures, 1, 0, List.of());
		assertThat(result.isConnected()).isTrue();
		this.figures.ended(ConnectionEnd.NOT_CONNECTED);
		assertThat(result.isConnected()).isFalse();
		this.figures.ended(ConnectionEnd.RESET);
		assertThat(result.isConnected()).isTrue();
	}

	@Test
	void clientThatHasNoTimeLeftAndDoesNotHoldTheRateHasMeasuredItself() {
		messages(900, 0, 100);
		assertThat(verdict(RATE, 0.95)).isEqualTo(Verdict.CLIENT_BOUND);
	}

	@Test
	void targetThatDoesNotHoldTheRateWhileTheClientHasTimeIsMeasured() {
		messages(500, 0, 900);
		assertThat(verdict(RATE, 0.3)).isEqualTo(Verdict.VALID);
	}

	@Test
	void closedLoopIsAsFastAsClientAndTargetTogether() {
		this.figures.answered(1, 64, 1000);
		assertThat(verdict("--duration 1s", 1)).isEqualTo(Verdict.VALID);
	}

	/**
	 * With an event loop for each processor there is nothing that could be done.
	 */
	@ParameterizedTest
	@CsvSource({ "--connections 9 --event-loops 1, 0.98, true", "--connections 9 --event-loops 1, 0.93, false",
			"--connections 1 --event-loops 1, 1, false", "--connections 9, 1, false",
			"--connections 9 --event-loops 1 --rate 1000, 1, false" })
	void closedLoopIsHeldBackWhereMoreEventLoopsWouldHaveTime(String options, double busy, boolean heldBack) {
		this.figures.answered(1, 64, 1000);
		LoadResult result = new LoadResult(Loads.plan(options), Loads.trial(1), this.figures, 1, busy, List.of());
		assertThat(result.isHeldBack()).isEqualTo(heldBack && Runtime.getRuntime().availableProcessors() > 1);
	}

	@Test
	void whatIsWrongIsTheTargetsAlsoWhereTheClientIsLate() {
		messages(1000, 50, 60);
		this.figures.ended(ConnectionEnd.MISMATCH);
		assertThat(verdict(RATE, 1)).isEqualTo(Verdict.TARGET_FAILED);
	}

	@Test
	void whatCouldNotBeSentIsTheTargetsOnlyWhereTheClientWasInTime() {
		this.figures.unsent(10);
		messages(500, 0, 900);
		assertThat(verdict(RATE, 0.3)).isEqualTo(Verdict.TARGET_FAILED);
		assertThat(verdict(RATE, 0.95)).isEqualTo(Verdict.CLIENT_BOUND);
	}

}
