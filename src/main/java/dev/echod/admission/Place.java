package dev.echod.admission;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * That a client is inside, until it is told that it is not any more.
 */
public final class Place {

	private static final AtomicIntegerFieldUpdater<Place> GIVEN_BACK = AtomicIntegerFieldUpdater.newUpdater(Place.class,
			"givenBack");

	private final Admission admission;

	private final Long address;

	@SuppressWarnings("UnusedVariable") // used through its updater
	private volatile int givenBack; // 0 or 1

	Place(Admission admission, Long address) {
		this.admission = admission;
		this.address = address;
	}

	/**
	 * The client's connection is closed. May be told more than once, by any thread.
	 */
	public void giveBack() {
		if (GIVEN_BACK.compareAndSet(this, 0, 1)) {
			this.admission.giveBack(this.address);
		}
	}

}
