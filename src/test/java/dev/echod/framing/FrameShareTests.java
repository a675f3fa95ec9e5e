package dev.echod.framing;

import java.util.concurrent.Semaphore;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FrameShareTests {

	private static final int KB = 1024;

	private static final long LONG_MILLIS = 30_000;

	/**
	 * For a message of 100 KB: thrice the buffer that it has grown.
	 */
	private final Semaphore units = new Semaphore(3 * 128);

	private final Semaphore overdraft = new Semaphore(0);

	private FrameShare share() {
		return new FrameShare(this.units, this.overdraft);
	}

	@Test
	void littleIsAlwaysThere() throws Exception {
		this.units.drainPermits();
		FrameShare share = share();
		assertThat(share.resize(FrameShare.LITTLE_BYTES, 0)).isTrue();
		assertThat(share.resize(FrameShare.LITTLE_BYTES + 1, 0)).isFalse();
	}

	@Test
	void whatOneHasAnotherWaitsFor() throws Exception {
		FrameShare first = share();
		FrameShare second = share();
		assertThat(first.resize(100 * KB, 0)).isTrue();
		assertThat(second.resize(20 * KB, 0)).isFalse();
		Thread giving = Thread.startVirtualThread(() -> {
			while (!this.units.hasQueuedThreads()) {
				Thread.onSpinWait();
			}
			first.end();
		});
		assertThat(second.resize(100 * KB, LONG_MILLIS)).isTrue();
		giving.join();
	}

	@Test
	void whatIsNotNeededIsGivenBack() throws Exception {
		FrameShare share = share();
		assertThat(share.resize(100 * KB, 0)).isTrue();
		assertThat(share.resize(20 * KB, 0)).isTrue();
		assertThat(this.units.availablePermits()).isEqualTo(3 * (128 - 32));
		assertThat(share.resize(0, 0)).isTrue();
		assertThat(this.units.availablePermits()).isEqualTo(3 * 128);
	}

	@Test
	void endedTakesNothingAnyMore() throws Exception {
		FrameShare share = share();
		assertThat(share.resize(100 * KB, 0)).isTrue();
		share.end();
		share.end();
		assertThat(share.resize(100 * KB, 0)).isTrue();
		assertThat(this.units.availablePermits()).isEqualTo(3 * 128);
	}

	@Test
	void oneThatWaitsForAnotherMayTakeWhatIsNotThere() throws Exception {
		this.overdraft.release();
		FrameShare first = share();
		FrameShare second = share();
		FrameShare third = share();
		assertThat(first.resize(40 * KB, 0)).isTrue();
		assertThat(second.resize(60 * KB, 0)).isTrue();
		assertThat(this.units.availablePermits()).isEqualTo(3 * (128 - 64 - 64));
		assertThat(first.resize(100 * KB, 0)).isTrue();
		assertThat(first.resize(10_000 * KB, 0)).isTrue();
		assertThat(this.units.availablePermits()).isEqualTo(3 * 64);
		assertThat(second.resize(100 * KB, 0)).isTrue();
		assertThat(third.resize(100 * KB, 0)).isFalse();
		assertThat(first.resize(0, 0)).isTrue();
		assertThat(third.resize(100 * KB, 0)).isTrue();
		second.end();
		third.end();
		first.end();
		assertThat(this.units.availablePermits()).isEqualTo(3 * 128);
		assertThat(this.overdraft.availablePermits()).isOne();
	}

	/**
	 * What it gets after all it gives back.
	 */
	@Test
	void endedWhileItWaitsTakesNothing() throws Exception {
		FrameShare first = share();
		FrameShare second = share();
		assertThat(first.resize(100 * KB, 0)).isTrue();
		Thread ending = Thread.startVirtualThread(() -> {
			while (!this.units.hasQueuedThreads()) {
				Thread.onSpinWait();
			}
			second.end();
			first.end();
		});
		assertThat(second.resize(100 * KB, LONG_MILLIS)).isTrue();
		ending.join();
		assertThat(this.units.availablePermits()).isEqualTo(3 * 128);
	}

}
