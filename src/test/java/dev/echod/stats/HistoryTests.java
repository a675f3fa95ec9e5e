package dev.echod.stats;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is kept of the past, and what is known of who has seen some of it.
 */
class HistoryTests {

	private final History history = new History(Instant.ofEpochMilli(1_000));

	private void add(int count) {
		for (int i = 0; i < count; i++) {
			this.history.add(String.valueOf(this.history.last() + 1).getBytes(StandardCharsets.UTF_8));
		}
	}

	@Test
	void nothingIsThereAtFirst() {
		assertThat(this.history.last()).isZero();
		assertThat(this.history.first()).isEqualTo(1);
	}

	@Test
	void lastFifteenMinutesAreKept() {
		add(History.KEPT);
		assertThat(this.history.first()).isEqualTo(1);
		add(2);
		assertThat(this.history.first()).isEqualTo(3);
		assertThat(this.history.get(3)).asString(StandardCharsets.UTF_8).isEqualTo("3");
		assertThat(this.history.get(History.KEPT + 2L)).asString(StandardCharsets.UTF_8).isEqualTo("902");
		assertThat(this.history.get(2)).isNull();
	}

	@Test
	void whoComesBackIsKnownByTheLastIdThatHeSaw() {
		add(10);
		assertThat(this.history.id(7)).isEqualTo("1000-7");
		assertThat(this.history.number("1000-7")).isEqualTo(7);
		assertThat(this.history.number(null)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "999-7", "1000-11", "1000-0", "1000--7", "1000-", "1000-x", "7", "",
			"1000-00000000000000000000000000000000000000000000000000000007" })
	void whoSawAnotherStartOrNothingThatThereIsHasSeenNothing(String id) {
		add(10);
		assertThat(this.history.number(id)).isZero();
	}

}
