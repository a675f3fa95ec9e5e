package dev.echod.stats;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;

import dev.echod.admin.Caller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;

/**
 * Serves the stats page, the page to log in, what both are made of, and the stream.
 */
class StatsRoutes {

	private static final CacheControl FOR_GOOD = CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();

	/**
	 * How long a browser waits before it comes again, in milliseconds.
	 */
	private static final byte[] RETRY = "retry: 2000\n\n".getBytes(StandardCharsets.US_ASCII);

	/**
	 * Read when the first asks: few services are ever looked at. When it fails, as while
	 * no more files may be open, it is read anew for the next.
	 */
	private final Mono<Assets> assets;

	private final History history;

	private final Viewers viewers;

	StatsRoutes(History history, Viewers viewers) {
		this(history, viewers, Assets::load);
	}

	StatsRoutes(History history, Viewers viewers, Callable<Assets> assets) {
		this.assets = Mono.fromCallable(assets)
			.subscribeOn(Schedulers.boundedElastic())
			.cacheInvalidateIf((loaded) -> false);
		this.history = history;
		this.viewers = viewers;
	}

	RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route()
			.GET("/", (request) -> page("index"))
			.GET("/login", (request) -> page("login"))
			.GET("/assets/{*path}", this::asset)
			.GET("/stream", this::stream)
			.build();
	}

	private Mono<ServerResponse> page(String name) {
		return this.assets.flatMap((all) -> ServerResponse.ok()
			.contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
			.bodyValue(all.page(name)));
	}

	/**
	 * Those of another version, that a page of before an upgrade asks for, are not kept.
	 */
	private Mono<ServerResponse> asset(ServerRequest request) {
		String path = request.pathVariable("path");
		String name = path.substring(path.lastIndexOf('/') + 1);
		return this.assets.flatMap((all) -> {
			byte[] file = all.file(name);
			if (file == null) {
				return Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such file"));
			}
			boolean versioned = path.equals("/%s/%s".formatted(all.version(), name));
			ServerResponse.BodyBuilder response = ServerResponse.ok()
				.contentType(MediaTypeFactory.getMediaType(name).orElse(MediaType.APPLICATION_OCTET_STREAM));
			return (versioned ? response.cacheControl(FOR_GOOD) : response).bodyValue(file);
		});
	}

	private Mono<ServerResponse> stream(ServerRequest request) {
		return Caller.of(request.exchange()).flatMap((caller) -> {
			long seen = this.history.number(request.headers().firstHeader("Last-Event-ID"));
			Viewer viewer = this.viewers.enter(seen, caller.isOperator(), caller.loggedOut());
			if (viewer == null) {
				return Mono.error(new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE,
						"%d look at the stream already".formatted(this.viewers.count())));
			}
			return ServerResponse.ok()
				.contentType(MediaType.TEXT_EVENT_STREAM)
				// Has nginx, in front of it, pass on each event at once.
				.header("X-Accel-Buffering", "no")
				.build((exchange, context) -> show(exchange, viewer));
		});
	}

	private Mono<Void> show(ServerWebExchange exchange, Viewer viewer) {
		HttpServerResponse connection = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
		DataBufferFactory buffers = exchange.getResponse().bufferFactory();
		Flux<byte[]> events = viewer.events(() -> connection.withConnection(Connection::dispose));
		return exchange.getResponse()
			.writeAndFlushWith(Flux.just(RETRY).concatWith(events).map((event) -> Mono.just(buffers.wrap(event))))
			.doFinally((signal) -> this.viewers.leave(viewer));
	}

}
