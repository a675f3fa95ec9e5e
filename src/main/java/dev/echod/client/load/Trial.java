package dev.echod.client.load;

import java.net.InetSocketAddress;

import dev.echod.client.Target;

/**
 * One of the runs of a load: of several targets, with small writes sent at once and not,
 * each as often as there are rounds.
 *
 * @param target whom to load
 * @param address that its host stands for
 * @param noDelay whether connections send small writes at once (TCP_NODELAY)
 * @param round from 1
 */
record Trial(Target target, InetSocketAddress address, boolean noDelay, int round) {

	/**
	 * What its rounds have in common.
	 */
	String subject() {
		return subject(this.target.toString(), this.noDelay);
	}

	static String subject(String target, boolean noDelay) {
		return "%s, no delay %s".formatted(target, noDelay ? "on" : "off");
	}

}
