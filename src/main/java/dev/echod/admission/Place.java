package dev.echod.admission;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

/**
 * That a client is inside, until it is told that it is not any more.
 */
public final class Place {

	private final Admission admission;

	/**
	 * Null while it counts for no address.
	 */
	private @Nullable Long address;

	private boolean givenBack;

	/**
	 * Create a place that is taken.
	 * @param address null when it counts for none
	 */
	Place(Admission admission, @Nullable Long address) {
		this.admission = admission;
		this.address = address;
	}

	/**
	 * Whether it counts for no address, as a proxy's does that has named no client.
	 */
	public synchronized boolean isOfProxy() {
		return this.address == null;
	}

	/**
	 * Asks whether the client may stay whom a proxy has named. Asked once, by any thread.
	 * @return whether it may; when not, which has been counted and logged if it is still
	 * here, its connection is to be reset
	 */
	public synchronized boolean name(InetAddress client) {
		Long named = this.givenBack ? null : this.admission.name(client);
		this.address = named;
		return named != null;
	}

	/**
	 * The client's connection is closed. May be told more than once, by any thread.
	 */
	public synchronized void giveBack() {
		if (!this.givenBack) {
			this.givenBack = true;
			this.admission.giveBack(this.address);
		}
	}

}
