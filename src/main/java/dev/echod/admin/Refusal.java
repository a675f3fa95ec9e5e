package dev.echod.admin;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

/**
 * Requests of one source that were refused for one reason, and the last of them.
 *
 * @param actor the user, if it is one of ours or an issuer's
 * @param request method and path
 * @param source where it came from; null when that is not known
 * @param why what it was told
 * @param times how many there were
 */
record Refusal(String actor, String request, @Nullable InetAddress source, String why, long times) {

	Refusal after(Refusal others) {
		return new Refusal(this.actor, this.request, this.source, this.why, others.times + this.times);
	}

}
