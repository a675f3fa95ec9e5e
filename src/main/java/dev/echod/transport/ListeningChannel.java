package dev.echod.transport;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket on an event loop. Whoever opens and closes it waits for that, so
 * that an event loop's thread must not.
 */
final class ListeningChannel {

	private static final long CLOSE_TIMEOUT_SECONDS = 10;

	private final Channel channel;

	private ListeningChannel(Channel channel) {
		this.channel = channel;
	}

	/**
	 * Listens.
	 * @throws BindException if the address cannot be bound, on every transport
	 */
	static ListeningChannel bind(ServerBootstrap bootstrap, InetSocketAddress address) throws BindException {
		ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
		if (bound.isSuccess()) {
			return new ListeningChannel(bound.channel());
		}
		Throwable cause = bound.cause();
		if (cause instanceof BindException known) {
			throw known;
		}
		// The native transports have exceptions of their own.
		BindException failure = new BindException((cause != null) ? cause.getMessage() : "The address cannot be bound");
		failure.initCause(cause);
		throw failure;
	}

	/**
	 * Where it listens, or did.
	 */
	SocketAddress address() {
		return this.channel.localAddress();
	}

	/**
	 * Stops listening, and waits until the port is free: the JDK's selector lets go of it
	 * when it next selects.
	 */
	void close() {
		this.channel.close().awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
		awaitSelection();
		// Whom it accepted last is known by then, on whichever loop.
		for (EventExecutor loop : this.channel.eventLoop().parent()) {
			loop.submit(() -> {
			}).awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
		}
	}

	/**
	 * What an event loop's thread itself schedules, it runs after it has selected; what
	 * others do may run before.
	 */
	private void awaitSelection() {
		Promise<@Nullable Void> selected = this.channel.eventLoop().newPromise();
		this.channel.eventLoop()
			.execute(() -> this.channel.eventLoop().schedule(() -> selected.setSuccess(null), 0, TimeUnit.NANOSECONDS));
		selected.awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

}
