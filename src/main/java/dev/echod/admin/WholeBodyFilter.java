package dev.echod.admin;

import java.io.ByteArrayOutputStream;
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

	/**
	 * Of who has not said who he is, and can but log in: as much as the headers may have
	 * that say so otherwise.
	 */
	static final int MAX_BYTES_OF_STRANGERS = 8 * 1024;

	/**
	 * Bodies of strangers that have not arrived. Each takes some 50 KB of heap.
	 */
	static final int MOST_OF_STRANGERS = 200;

	private static final Duration MOST_TIME = Duration.ofSeconds(30);

	private static final Logger logger = LoggerFactory.getLogger(WholeBodyFilter.class);

	private final UnfinishedBodies ofStrangers = new UnfinishedBodies(MOST_OF_STRANGERS);

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (CrossSiteFilter.READING.contains(exchange.getRequest().getMethod())) {
			return chain.filter(exchange);
		}
		return exchange.getPrincipal()
			.map((known) -> read(exchange, MAX_BYTES))
			.defaultIfEmpty(this.ofStrangers.await(read(exchange, MAX_BYTES_OF_STRANGERS)))
			.flatMap((body) -> body.timeout(MOST_TIME))
			.onErrorResume((ex) -> abandon(exchange, ex))
			.flatMap((body) -> isAnswered(exchange) ? Mono.never() : chain.filter(with(exchange, body)));
	}

	/**
	 * Reads the body, and keeps its bytes alone: the buffer of a segment takes many times
	 * as much as a few that are sent at a time. One that is too large is an error to who
	 * reads it next, and answered there.
	 */
	private static Mono<Flux<DataBuffer>> read(ServerWebExchange exchange, int most) {
		return exchange.getRequest()
			.getBody()
			.collect(ByteArrayOutputStream::new, (body, segment) -> append(segment, body, most))
			.map((body) -> (body.size() > 0)
					? Flux.defer(() -> Flux.just(exchange.getResponse().bufferFactory().wrap(body.toByteArray())))
					: Flux.<DataBuffer>empty())
			.onErrorResume(DataBufferLimitException.class, (ex) -> Mono.just(Flux.error(ex)));
	}

	private static void append(DataBuffer segment, ByteArrayOutputStream body, int most) {
		try {
			byte[] bytes = new byte[segment.readableByteCount()];
			if (body.size() + bytes.length > most) {
				throw new DataBufferLimitException("The body is larger than %d bytes".formatted(most));
			}
			segment.read(bytes);
			body.writeBytes(bytes);
		}
		finally {
			DataBufferUtils.release(segment);
		}
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
