package dev.echod.transport;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLException;

import dev.echod.connection.Arrival;
import dev.echod.connection.ArrivalFailedException;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.Endpoints;
import dev.echod.gateway.CloseReasons;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last handler of a connection that is not ready: those in front of it await what is
 * still to come. When all have told that they are done it has the connection made, in its
 * own place. Used on the event loop, but where it says otherwise.
 */
final class ChannelArrival extends ChannelInboundHandlerAdapter implements Arrival {

	private static final Logger logger = LoggerFactory.getLogger(ChannelArrival.class);

	private final String id;

	private final String listener;

	private final SocketChannel channel;

	private final ConnectionRegistry registry;

	private final BiConsumer<String, Endpoints> ready;

	private final long acceptedNanos = System.nanoTime();

	/**
	 * Why it ends when what is awaited next does not come.
	 */
	private final Deque<CloseReason> unfinished = new ArrayDeque<>();

	private Endpoints endpoints;

	private boolean heard;

	private boolean ended;

	/**
	 * Create an arrival.
	 * @param listener the name of its listener
	 * @param ready makes the connection, with its id
	 */
	ChannelArrival(String id, String listener, SocketChannel channel, Endpoints endpoints, ConnectionRegistry registry,
			BiConsumer<String, Endpoints> ready) {
		this.id = id;
		this.listener = listener;
		this.channel = channel;
		this.endpoints = endpoints;
		this.registry = registry;
		this.ready = ready;
	}

	/**
	 * Awaits one after the other.
	 * @param wanted whether it is to be served: who stops may not have seen it
	 */
	void await(List<ArrivalStep> steps, BooleanSupplier wanted) {
		this.registry.arriving(this.listener, this);
		try {
			addHandlers(steps);
		}
		catch (RuntimeException | Error ex) {
			fail(CloseReason.IO_ERROR);
			throw ex;
		}
		if (!wanted.getAsBoolean()) {
			fail(CloseReason.LISTENER_STOPPED);
		}
	}

	private void addHandlers(List<ArrivalStep> steps) {
		this.channel.pipeline().addLast(newEar());
		for (ArrivalStep step : steps) {
			if (!this.ended) {
				this.unfinished.add(step.unfinished());
				step.await(this.channel.pipeline(), this);
			}
		}
		this.channel.pipeline().addLast(this);
	}

	private Ear newEar() {
		return new Ear(() -> this.heard = true);
	}

	/**
	 * The name of its listener.
	 */
	String listener() {
		return this.listener;
	}

	/**
	 * Who is at its ends, as far as is known.
	 */
	Endpoints endpoints() {
		return this.endpoints;
	}

	/**
	 * Whether anything has come.
	 */
	boolean isHeard() {
		return this.heard;
	}

	/**
	 * All that has come was part of what is done: who says no more has not begun with
	 * what is awaited next.
	 */
	void heardNoMore() {
		if (!this.ended) {
			this.heard = false;
			this.channel.pipeline().addFirst(newEar());
		}
	}

	/**
	 * What was awaited next has come, and told something.
	 */
	void done(UnaryOperator<Endpoints> told) {
		if (this.ended) {
			return;
		}
		this.endpoints = told.apply(this.endpoints);
		this.unfinished.remove();
		if (this.unfinished.isEmpty()) {
			makeReady(this.channel.pipeline().context(this));
		}
	}

	private void makeReady(ChannelHandlerContext ctx) {
		this.ended = true;
		try {
			this.ready.accept(this.id, this.endpoints);
			ctx.fireChannelActive();
			this.registry.arrived(this.listener, this);
			ctx.pipeline().remove(this);
		}
		catch (RuntimeException | Error ex) {
			logger.debug("{} could not be set up", this.channel, ex);
			record(CloseReason.IO_ERROR);
			ctx.close();
		}
	}

	/**
	 * It was let in no further, and that has been counted.
	 */
	void refused() {
		if (!this.ended) {
			this.ended = true;
			this.registry.arrived(this.listener, this);
			reset();
		}
	}

	/**
	 * Ends it, where it has not ended yet.
	 */
	void fail(CloseReason reason) {
		if (this.ended) {
			return;
		}
		this.ended = true;
		record(reason);
		if (reason.isCut()) {
			reset();
		}
		else {
			this.channel.close();
		}
	}

	private void record(CloseReason reason) {
		this.registry
			.failed(ClosedConnection.neverReady(this.id, this.listener, this.endpoints, this.acceptedNanos, reason));
		this.registry.arrived(this.listener, this);
	}

	private void reset() {
		if (this.channel.isOpen()) {
			this.channel.config().setSoLinger(0);
			this.channel.close();
		}
	}

	/**
	 * Who never said a word is no failure.
	 */
	private CloseReason ofTheirEnd(CloseReason silent) {
		return this.heard ? Objects.requireNonNull(this.unfinished.peek()) : silent;
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event == Expired.EVENT) {
			fail(CloseReason.HANDSHAKE_TIMEOUT);
		}
		else if (InputEnd.isToldBy(event)) {
			fail(ofTheirEnd(CloseReason.PEER_CLOSED));
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		if (!this.ended) {
			fail(ofTheirEnd(CloseReason.PEER_RESET));
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		exceptionCaught(cause);
	}

	/**
	 * What was awaited next has failed.
	 */
	void exceptionCaught(Throwable cause) {
		logger.debug("{} did not become ready", this.channel, cause);
		if (!this.ended) {
			fail(reasonOf(cause));
		}
	}

	private CloseReason reasonOf(Throwable cause) {
		return switch (cause) {
			case ArrivalFailedException known -> known.reason();
			case SSLException ignored -> CloseReason.TLS_HANDSHAKE;
			case IOException io -> CloseReasons.ofSocket(io);
			case OutOfMemoryError ignored -> CloseReason.MEMORY_SHORT;
			default -> Objects.requireNonNull(this.unfinished.peek());
		};
	}

	@Override
	public long acceptedNanos() {
		return this.acceptedNanos;
	}

	/**
	 * Those who await something may do without it.
	 */
	@Override
	public void expire() {
		execute(() -> this.channel.pipeline().fireUserEventTriggered(Expired.EVENT));
	}

	@Override
	public void end(CloseReason reason) {
		execute(() -> fail(reason));
	}

	private void execute(Runnable action) {
		try {
			this.channel.eventLoop().execute(action);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("{} has no event loop anymore", this.channel);
		}
	}

	/**
	 * It was waited for long enough.
	 */
	enum Expired {

		EVENT

	}

}
