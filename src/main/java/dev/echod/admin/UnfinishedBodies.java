package dev.echod.admin;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Bodies of strangers that have not arrived whole. Each holds its request in memory,
 * which is far more than its connection takes: there are so many at most, and one more
 * ends the one that has taken longest. A login of a person arrives at once, however many
 * do not.
 */
class UnfinishedBodies {

	private final int most;

	/**
	 * The one that began first at the beginning. Used under its own lock.
	 */
	private final Set<Sinks.One<?>> unfinished = new LinkedHashSet<>();

	UnfinishedBodies(int most) {
		this.most = most;
	}

	/**
	 * A body, when it has arrived; a {@link TimeoutException} if others have need of its
	 * place.
	 */
	<T> Mono<T> await(Mono<T> body) {
		return Mono.defer(() -> {
			Sinks.One<T> end = Sinks.one();
			Sinks.One<?> eldest = enter(end);
			if (eldest != null) {
				eldest.tryEmitError(new TimeoutException("Too many bodies have not arrived"));
			}
			return Mono.firstWithSignal(body, end.asMono()).doFinally((signal) -> leave(end));
		});
	}

	private Sinks.@Nullable One<?> enter(Sinks.One<?> body) {
		synchronized (this.unfinished) {
			Sinks.One<?> eldest = null;
			if (this.unfinished.size() >= this.most) {
				Iterator<Sinks.One<?>> eldestFirst = this.unfinished.iterator();
				eldest = eldestFirst.next();
				eldestFirst.remove();
			}
			this.unfinished.add(body);
			return eldest;
		}
	}

	private void leave(Sinks.One<?> body) {
		synchronized (this.unfinished) {
			this.unfinished.remove(body);
		}
	}

}
