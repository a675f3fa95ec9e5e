package dev.echod.stats;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A viewer that takes as much as the test says.
 */
class ViewerTests {

	private final History history = new History(Instant.EPOCH);

	private final AtomicBoolean loggedOut = new AtomicBoolean();

	private final AtomicBoolean hungUp = new AtomicBoolean();

	private final Viewer viewer = new Viewer(this.history, 1, this.loggedOut::get, 0);

	private final Reader reader = new Reader();

	@BeforeEach
	void look() {
		for (int i = 0; i < 100; i++) {
			this.history.add(new byte[] { (byte) i });
		}
		this.viewer.events(() -> this.hungUp.set(true)).subscribe(this.reader);
	}

	@Test
	void noMoreIsSentThanIsTaken() {
		this.reader.request(3);
		assertThat(this.reader.taken).hasSize(3);
		assertThat(this.viewer.tell(1)).isTrue();
		assertThat(this.reader.taken).hasSize(3);
		this.reader.request(200);
		assertThat(this.reader.taken).hasSize(100);
		this.history.add(new byte[] { 100 });
		this.viewer.tell(2);
		assertThat(this.reader.taken).hasSize(101).last().isEqualTo(new byte[] { 100 });
	}

	@Test
	void whoAsksForMoreWithEachThatComesIsSentAllInOrder() {
		this.reader.oneByOne = true;
		this.reader.request(1);
		assertThat(this.reader.taken).extracting((event) -> (int) event[0]).hasSize(100).isSorted();
	}

	@Test
	void whoTakesSlowlyBetweenTwoSamplesStays() {
		for (int second = 1; second <= 50; second++) {
			this.reader.request(1);
			assertThat(this.viewer.tell(second * Viewer.PATIENCE_NANOS)).isTrue();
		}
		assertThat(this.reader.taken).hasSize(50);
		assertThat(this.hungUp).isFalse();
	}

	@Test
	void whoTakesNothingIsCutOff() {
		assertThat(this.viewer.tell(Viewer.PATIENCE_NANOS)).isTrue();
		assertThat(this.viewer.tell(Viewer.PATIENCE_NANOS + 1)).isFalse();
		assertThat(this.hungUp).isTrue();
		assertThat(this.reader.isDisposed()).isTrue();
	}

	@Test
	void whoFallsFarBehindMissesWhatIsNotKept() {
		this.reader.request(1);
		for (int i = 0; i < History.KEPT; i++) {
			this.history.add(new byte[] { 7 });
		}
		this.reader.request(1);
		assertThat(this.reader.taken.getLast()).isEqualTo(new byte[] { 7 });
		this.reader.request(10_000);
		assertThat(this.reader.taken).hasSize(1 + History.KEPT);
	}

	@Test
	void whatIsReplacedWhileTheOnesBeforeAreSentIsLeftOut() {
		this.reader.meanwhile = () -> {
			for (int i = 0; i < History.KEPT; i++) {
				this.history.add(new byte[] { 7 });
			}
		};
		this.reader.request(10_000);
		assertThat(this.reader.taken).hasSize(1 + History.KEPT)
			.endsWith(new byte[] { 7 })
			.startsWith(new byte[] { 0 }, new byte[] { 7 });
		assertThat(this.viewer.tell(1)).isTrue();
	}

	@Test
	void whoLogsOutSeesNothingMore() {
		this.loggedOut.set(true);
		this.reader.request(0x7fffffffL);
		int before = this.reader.taken.size();
		assertThat(this.viewer.tell(1)).isFalse();
		this.history.add(new byte[] { 7 });
		this.viewer.tell(2);
		assertThat(this.reader.taken).hasSize(before);
		assertThat(this.hungUp).isFalse();
	}

	@Test
	void endIsSentWhenItIsTaken() {
		this.viewer.end(new byte[] { 99 });
		assertThat(this.reader.taken).isEmpty();
		this.reader.request(1);
		assertThat(this.reader.taken).singleElement().isEqualTo(new byte[] { 99 });
		assertThat(this.reader.isDisposed()).isTrue();
	}

	/**
	 * Takes nothing by itself.
	 */
	private static final class Reader extends BaseSubscriber<byte[]> {

		private final List<byte[]> taken = new ArrayList<>();

		private boolean oneByOne;

		/**
		 * Done once, when the first comes.
		 */
		private Runnable meanwhile = () -> {
		};

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			// The test asks.
		}

		@Override
		protected void hookOnNext(byte[] event) {
			this.taken.add(event);
			this.meanwhile.run();
			this.meanwhile = () -> {
			};
			if (this.oneByOne) {
				request(1);
			}
		}

	}

}
