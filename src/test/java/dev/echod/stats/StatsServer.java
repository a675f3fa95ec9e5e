package dev.echod.stats;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import dev.echod.admin.DrainDescriptor;
import dev.echod.drain.DrainOutcome;
import dev.echod.drain.DrainState;
import dev.echod.listener.ListenerState;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.availability.ReadinessState;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.RouterFunctions;

/**
 * The stream on a server of its own, whose seconds pass when a test says so.
 */
final class StatsServer implements AutoCloseable {

	final History history = new History(Instant.ofEpochMilli(1_000));

	final AtomicLong nanos = new AtomicLong();

	final Viewers viewers = new Viewers(this.history, this.nanos::get);

	final AtomicInteger sampled = new AtomicInteger();

	volatile boolean fails;

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final DisposableServer server;

	StatsServer() {
		HandlerStrategies anybody = HandlerStrategies.builder()
			.webFilter(
					(exchange, chain) -> chain.filter(exchange.mutate().principal(Mono.just(() -> "viewer")).build()))
			.build();
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.handle(new ReactorHttpHandlerAdapter(
					RouterFunctions.toHttpHandler(new StatsRoutes(this.history, this.viewers).routes(), anybody)))
			.bindNow();
	}

	int port() {
		return this.server.port();
	}

	/**
	 * As large as one can be.
	 */
	private Sample sample() {
		this.sampled.incrementAndGet();
		if (this.fails) {
			throw new IllegalStateException("There is no sample");
		}
		List<Sample.OfListener> listeners = IntStream.range(0, Sampler.MOST_LISTENERS)
			.mapToObj((number) -> new Sample.OfListener("listener-" + number, ListenerState.ACCEPTING, "0.0.0.0", 8080,
					false, number, 0, number, 0, 0, 0, 0, Map.of(), 0, null))
			.toList();
		return new Sample(this.history.start(), Instant.ofEpochMilli(2_000), 1, null, "nio",
				ReadinessState.ACCEPTING_TRAFFIC, new DrainDescriptor(DrainState.SERVING, null, null, null), listeners,
				0, List.of(), new Sample.Memory(1, null, 1, null));
	}

	/**
	 * What makes the samples; not started.
	 */
	StatsStream stream() {
		return new StatsStream(this::sample, this.history, this.viewers,
				() -> new StatsStream.End(DrainOutcome.CLEAN, 0), this.mapper);
	}

	@Override
	public void close() {
		this.server.disposeNow();
	}

}
