package dev.echod.admin;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import reactor.core.publisher.Mono;

import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * Bounds what is asked of who issues tokens. A token that names a key which is not known
 * has the keys fetched, and anybody can send one: all that come at once, and within the
 * next seconds, share one answer, good or bad. None is waited for without end.
 */
class KeyFetches implements ExchangeFilterFunction {

	static final Duration SHARED = Duration.ofSeconds(5);

	private static final Duration MOST_WAIT = Duration.ofSeconds(5);

	private final Duration shared;

	private final Duration mostWait;

	/**
	 * By address, of which the configuration and the issuer's own name a few.
	 */
	private final Map<URI, Mono<ResponseEntity<String>>> answers = new ConcurrentHashMap<>();

	KeyFetches() {
		this(SHARED, MOST_WAIT);
	}

	/**
	 * Create one.
	 * @param shared how long an answer is shared
	 * @param mostWait how long it is waited for
	 */
	KeyFetches(Duration shared, Duration mostWait) {
		this.shared = shared;
		this.mostWait = mostWait;
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return this.answers.computeIfAbsent(request.url(), (url) -> shared(request, next)).map(KeyFetches::response);
	}

	private Mono<ResponseEntity<String>> shared(ClientRequest request, ExchangeFunction next) {
		return Mono.defer(() -> next.exchange(request))
			.flatMap((response) -> response.toEntity(String.class))
			.timeout(this.mostWait)
			.cache((answer) -> this.shared, (failure) -> this.shared, () -> this.shared);
	}

	private static ClientResponse response(ResponseEntity<String> answer) {
		ClientResponse.Builder response = ClientResponse.create(answer.getStatusCode())
			.headers((headers) -> headers.addAll(answer.getHeaders()));
		String body = answer.getBody();
		return ((body != null) ? response.body(body) : response).build();
	}

}
