package dev.echod.admin;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Lets a change begin when its body has arrived whole. Reactor Netty answers a body that
 * is cut or malformed by itself, and then ends it as if it were complete: what was asked
 * for would be done all the same.
 */
class WholeBodyFilter implements WebFilter {

	/**
	 * As WebFlux's codecs have it.
	 */
	static final int MAX_BYTES = 256 * 1024;

	private static final Duration MOST_TIME = Duration.ofSeconds(30);

	private static final Logger logger = LoggerFactory.getLogger(WholeBodyFilter.class);

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (CrossSiteFilter.READING.contains(exchange.getRequest().getMethod())) {
			return chain.filter(exchange);
		}
		return read(exchange).timeout(MOST_TIME)
			.onErrorResume((ex) -> abandon(exchange, ex))
			.flatMap((body) -> isAnswered(exchange) ? Mono.never() : chain.filter(with(exchange, body)));
	}

	/**
	 * Reads the body. One that is too large is an error to who reads it next, and
	 * answered there.
	 */
	private static Mono<Flux<DataBuffer>> read(ServerWebExchange exchange) {
		return DataBufferUtils.join(exchange.getRequest().getBody(), MAX_BYTES).map((joined) -> {
			byte[] bytes = new byte[joined.readableByteCount()];
			joined.read(bytes);
			DataBufferUtils.release(joined);
			return Flux.defer(() -> Flux.just(exchange.getResponse().bufferFactory().wrap(bytes)));
		})
			.defaultIfEmpty(Flux.empty())
			.onErrorResume(DataBufferLimitException.class, (ex) -> Mono.just(Flux.error(ex)));
	}

	/**
	 * Nobody is left to answer. To complete would be to answer, so it never does.
	 */
	private static Mono<Flux<DataBuffer>> abandon(ServerWebExchange exchange, Throwable cause) {
		logger.debug("{} {} ended within its body: {}", exchange.getRequest().getMethod(),
				exchange.getRequest().getPath(), cause.toString());
		nativeResponse(exchange).withConnection(Connection::dispose);
		return Mono.never();
	}

	/**
	 * Whether Reactor Netty has answered, and closes the connection.
	 */
	private static boolean isAnswered(ServerWebExchange exchange) {
		return nativeResponse(exchange).hasSentHeaders();
	}

	private static HttpServerResponse nativeResponse(ServerWebExchange exchange) {
		return ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
	}

	private static ServerWebExchange with(ServerWebExchange exchange, Flux<DataBuffer> body) {
		return exchange.mutate().request(new ServerHttpRequestDecorator(exchange.getRequest()) {

			@Override
			public Flux<DataBuffer> getBody() {
				return body;
			}

		}).build();
	}

}
