package dev.echod.framing;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FrameShareTests {

	private static final int KB = 1024;

	private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(30);

	/**
	 * For a message of 100 KB: thrice the buffer that it has grown.
	 */
	private final Semaphore units = new Semaphore(3 * 128);

	@Test
	void littleIsAlwaysThere() throws Exception {
		FrameShare share = new FrameShare(new Semaphore(0));
		assertThat(share.resize(FrameShare.LITTLE_BYTES, 0)).isTrue();
		assertThat(share.resize(FrameShare.LITTLE_BYTES + 1, 0)).isFalse();
	}

	@Test
	void whatOneHasAnotherWaitsFor() throws Exception {
		FrameShare first = new FrameShare(this.units);
		FrameShare second = new FrameShare(this.units);
		assertThat(first.resize(100 * KB, 0)).isTrue();
		assertThat(second.resize(20 * KB, 0)).isFalse();
		Thread giving = Thread.startVirtualThread(() -> {
			while (!this.units.hasQueuedThreads()) {
				Thread.onSpinWait();
			}
			first.end();
		});
		assertThat(second.resize(100 * KB, LONG_NANOS)).isTrue();
		giving.join();
	}

	@Test
	void whatIsNotNeededIsGivenBack() throws Exception {
		FrameShare share = new FrameShare(this.units);
		assertThat(share.resize(100 * KB, 0)).isTrue();
		assertThat(share.resize(20 * KB, 0)).isTrue();
		assertThat(this.units.availablePermits()).isEqualTo(3 * (128 - 32));
		assertThat(share.resize(0, 0)).isTrue();
		assertThat(this.units.availablePermits()).isEqualTo(3 * 128);
	}

	@Test
	void endedTakesNothingAnyMore() throws Exception {
		FrameShare share = new FrameShare(this.units);
		assertThat(share.resize(100 * KB, 0)).isTrue();
		share.end();
		share.end();
		assertThat(share.resize(100 * KB, 0)).isTrue();
		assertThat(this.units.availablePermits()).isEqualTo(3 * 128);
	}

}
