package dev.echod.service;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ServiceFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.integration.MessageTimeoutException;
import org.springframework.integration.core.GenericHandler;
import org.springframework.messaging.MessageHeaders;

/**
 * Forwards each message over one of several connections upstream, and answers with the
 * reply. A connection that failed is made anew, so that a late reply cannot be taken for
 * another's.
 */
class Relay implements GenericHandler<byte[]>, Service.Upstream {

	private static final Logger logger = LoggerFactory.getLogger(Relay.class);

	private static final int CHECK_MILLIS = 1_000;

	/**
	 * How long a failure counts when no message shows that it is over.
	 */
	private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final RelayProperties properties;

	private final List<UpstreamConnection> all = new ArrayList<>();

	private final BlockingQueue<UpstreamConnection> free = new LinkedBlockingQueue<>();

	private final AtomicBoolean failing = new AtomicBoolean();

	/**
	 * What went wrong last.
	 */
	private volatile Failure latest = new Failure("", System.nanoTime() - RECENT_NANOS);

	private volatile boolean running;

	Relay(RelayProperties properties, Supplier<UpstreamConnection> connections) {
		this.properties = properties;
		for (int i = 0; i < properties.connections(); i++) {
			this.all.add(connections.get());
		}
		this.free.addAll(this.all);
	}

	@Override
	public byte[] handle(byte[] message, MessageHeaders headers) {
		UpstreamConnection connection = take();
		try {
			byte[] reply = connection.exchange(message);
			if (this.failing.compareAndSet(true, false)) {
				logger.info("Upstream {} answers again", address());
			}
			return reply;
		}
		catch (RuntimeException | Error ex) {
			connection.reset();
			throw failed(describe(NestedExceptionUtils.getMostSpecificCause(ex)), ex);
		}
		finally {
			this.free.add(connection);
		}
	}

	private static String describe(@Nullable Throwable cause) {
		return switch (cause) {
			case IOException io -> String.valueOf(io.getMessage());
			case MessageTimeoutException ignored -> "no reply in time";
			case null, default -> String.valueOf(cause);
		};
	}

	private UpstreamConnection take() {
		try {
			UpstreamConnection connection = this.free.poll(this.properties.timeout().toMillis(), TimeUnit.MILLISECONDS);
			if (connection != null) {
				return connection;
			}
			throw failed("no connection was free in time", null);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failed("interrupted", ex);
		}
	}

	private ServiceFailedException failed(String why, @Nullable Throwable cause) {
		this.latest = new Failure(why, System.nanoTime());
		if (this.running && this.failing.compareAndSet(false, true)) {
			logger.warn("Upstream {} does not answer, its clients are closed: {}", address(), why);
		}
		return new ServiceFailedException(CloseReason.UPSTREAM,
				"Upstream %s does not answer: %s".formatted(address(), why), cause);
	}

	@Override
	public String address() {
		return this.properties.address();
	}

	/**
	 * An upstream that can be reached may still be too slow: then its last failure tells.
	 */
	@Override
	public @Nullable String check() {
		Failure failure = this.latest;
		if (this.failing.get() && System.nanoTime() - failure.nanos() < RECENT_NANOS) {
			return failure.why();
		}
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(this.properties.host(), this.properties.port()), CHECK_MILLIS);
			return null;
		}
		catch (IOException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	@Override
	public void start() {
		this.all.forEach(UpstreamConnection::start);
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.all.forEach(UpstreamConnection::stop);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	private record Failure(String why, long nanos) {

	}

}
