package dev.echod.refusal;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How many requests the admin API refused since the start, by reason.
 */
public final class RefusedRequests {

	private final Map<Reason, LongAdder> counts = Arrays.stream(Reason.values())
		.collect(Collectors.toUnmodifiableMap(Function.identity(), (reason) -> new LongAdder()));

	public void add(Reason reason) {
		of(reason).increment();
	}

	public long count(Reason reason) {
		return of(reason).sum();
	}

	private LongAdder of(Reason reason) {
		return Objects.requireNonNull(this.counts.get(reason));
	}

	/**
	 * Why a request was refused.
	 */
	public enum Reason {

		/**
		 * It came without a user, and needs one.
		 */
		NO_CREDENTIALS,

		/**
		 * Its user name or its password is wrong.
		 */
		WRONG_PASSWORD,

		/**
		 * Wrong passwords of its user came from its source before, and it came too soon
		 * after them; its own was not looked at.
		 */
		TOO_MANY_FAILURES,

		/**
		 * Its token is not one of the issuer's, not meant for this service or too old.
		 */
		WRONG_TOKEN,

		/**
		 * It has a token, and the keys of who issues them were not to be had.
		 */
		KEYS_UNAVAILABLE,

		/**
		 * Its user may not do that.
		 */
		NOT_ALLOWED,

		/**
		 * A page of another site sent it.
		 */
		FOREIGN_ORIGIN,

		/**
		 * A session's cookie authorises it, and it came without the session's token.
		 */
		WRONG_CSRF_TOKEN,

		/**
		 * Its Host or its path is none that is taken.
		 */
		UNSAFE_REQUEST

	}

}
