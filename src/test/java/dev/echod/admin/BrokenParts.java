package dev.echod.admin;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.WebFilter;

/**
 * What fails in a service of the tests when a test says so: a part of an endpoint, and a
 * filter before the endpoints.
 */
class BrokenParts {

	/**
	 * Names the filter's failure, which nobody foresaw.
	 */
	static final String HEADER = "X-Broken";

	/**
	 * Has the filter refuse with this status.
	 */
	static final String REFUSAL_HEADER = "X-Refused";

	private final AtomicReference<@Nullable Throwable> ofInfo = new AtomicReference<>();

	/**
	 * Has the next reading of info fail.
	 */
	void breakInfo(Throwable failure) {
		this.ofInfo.set(failure);
	}

	@Bean
	InfoContributor brokenInfo() {
		return (builder) -> throwAny(this.ofInfo.getAndSet(null));
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void throwAny(@Nullable Throwable failure) throws T {
		if (failure != null) {
			throw (T) failure;
		}
	}

	@Bean
	WebFilter brokenFilter() {
		return (exchange, chain) -> {
			String broken = exchange.getRequest().getHeaders().getFirst(HEADER);
			String refused = exchange.getRequest().getHeaders().getFirst(REFUSAL_HEADER);
			if (refused != null) {
				return Mono
					.error(new ResponseStatusException(HttpStatus.valueOf(Integer.parseInt(refused)), "as asked"));
			}
			return (broken != null) ? Mono.error(new IllegalStateException(broken)) : chain.filter(exchange);
		};
	}

}
