package dev.echod.admin;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

/**
 * Decodes tokens, and has the keys fetched anew from time to time. A decoder itself
 * fetches them when a token names one that it does not know, and keeps those it knows for
 * good: one that was withdrawn, because it was stolen, would be trusted until the next
 * restart.
 */
class ExpiringKeys implements ReactiveJwtDecoder {

	static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(5);

	private final Supplier<ReactiveJwtDecoder> decoders;

	private final LongSupplier nanoClock;

	private volatile @Nullable Kept kept;

	/**
	 * Create one that has no keys yet.
	 * @param decoders makes a decoder that has none
	 */
	ExpiringKeys(Supplier<ReactiveJwtDecoder> decoders, LongSupplier nanoClock) {
		this.decoders = decoders;
		this.nanoClock = nanoClock;
	}

	@Override
	public Mono<Jwt> decode(String token) {
		long now = this.nanoClock.getAsLong();
		Kept current = this.kept;
		if (current == null || now - current.sinceNanos > KEPT_NANOS) {
			current = new Kept(this.decoders.get(), now);
			this.kept = current;
		}
		return current.decoder.decode(token);
	}

	private record Kept(ReactiveJwtDecoder decoder, long sinceNanos) {

	}

}
