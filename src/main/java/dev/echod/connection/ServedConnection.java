package dev.echod.connection;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * A connection as it is listed, counted and closed, whichever way it is served. Its
 * methods may be called from any thread, but where they say otherwise.
 */
public final class ServedConnection implements OpenConnection {

	private final String id;

	private final String listener;

	private final Wire wire;

	private final ConnectionLife life;

	private final ConnectionActivity activity;

	/**
	 * By the wall clock, since 1970.
	 */
	private final long openedAtNanos = ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());

	private final long openedNanos = System.nanoTime();

	/**
	 * When something was owed last, as far as it was noted, by the clock of the wire.
	 */
	private volatile long owingNanos;

	private volatile ByteRates rates = ByteRates.NONE;

	private final Endpoints endpoints;

	/**
	 * What the operator said whose close took effect, or is to.
	 */
	private volatile @Nullable String note;

	/**
	 * Create a connection that is ready: its peer is known.
	 * @param listener the name of its listener, or of a client's connection factory
	 */
	public ServedConnection(String id, String listener, Endpoints endpoints, Wire wire, ConnectionActivity activity) {
		this.id = id;
		this.listener = listener;
		this.endpoints = endpoints;
		this.wire = wire;
		this.life = new ConnectionLife(wire);
		this.activity = activity;
		this.owingNanos = wire.nanoTime();
	}

	/**
	 * How it ends.
	 */
	public ConnectionLife life() {
		return this.life;
	}

	/**
	 * What it did so far.
	 */
	public ConnectionActivity activity() {
		return this.activity;
	}

	/**
	 * Holds it to byte rates from now on. Those it is held to already change nothing.
	 */
	public void keepTo(ByteRates newRates) {
		if (newRates.equals(this.rates)) {
			return;
		}
		this.rates = newRates;
		ConnectionPace pace = newRates.isNone() ? null : new ConnectionPace(this.activity, newRates, System.nanoTime());
		this.wire.execute(() -> this.wire.pace(pace));
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public String listener() {
		return this.listener;
	}

	@Override
	public Endpoints endpoints() {
		return this.endpoints;
	}

	@Override
	public ConnectionState state() {
		return this.life.isCloseRequested() ? ConnectionState.CLOSING : ConnectionState.OPEN;
	}

	@Override
	public Instant openedAt() {
		return Instant.EPOCH.plusNanos(this.openedAtNanos);
	}

	@Override
	public Duration age() {
		return Duration.ofNanos(System.nanoTime() - this.openedNanos);
	}

	/**
	 * When it was accepted, in the manner of {@link System#nanoTime()}.
	 */
	long openedNanos() {
		return this.openedNanos;
	}

	/**
	 * Notes that something is owed. What is then sent may have been handed over long
	 * before the peer took it.
	 */
	void noteOwing() {
		this.owingNanos = this.wire.nanoTime();
	}

	/**
	 * How long nothing was read or written, nor owed as far as that was noted.
	 */
	long quietNanos() {
		long now = this.wire.nanoTime();
		return Math.min(now - this.activity.latestNanos(), now - this.owingNanos);
	}

	@Override
	public Duration idleFor() {
		return Duration.ofNanos(Math.max(0, this.wire.nanoTime() - this.activity.latestNanos()));
	}

	@Override
	public long bytesReceived() {
		return this.activity.bytesReceived();
	}

	@Override
	public long bytesSent() {
		return this.activity.bytesSent();
	}

	@Override
	public long messages() {
		return this.activity.messages();
	}

	@Override
	public long receivedPerSecond() {
		return this.activity.receivedPerSecond();
	}

	@Override
	public long sentPerSecond() {
		return this.activity.sentPerSecond();
	}

	@Override
	public long pendingBytes() {
		return this.wire.pendingBytes();
	}

	/**
	 * Memory that it takes, in bytes, as far as it is not little.
	 */
	long memoryBytes() {
		return this.wire.memoryBytes();
	}

	@Override
	public boolean isOwing() {
		return this.life.owes() || this.wire.pendingBytes() > 0 || this.wire.isHeldBack();
	}

	@Override
	public void close(CloseReason reason, @Nullable String note) {
		if (this.life.requestClose()) {
			this.note = note;
			this.wire.execute(() -> this.life.close(reason));
		}
		else {
			this.wire.execute(this.life::endPatience);
		}
	}

	/**
	 * Closes without a reply to anything that waits to be handled: the one to the message
	 * before is missing. In order, but at once where memory is.
	 */
	public void abandon(CloseReason reason) {
		this.life.abandon();
		if (reason == CloseReason.MEMORY_SHORT) {
			this.wire.execute(() -> this.life.fail(reason));
		}
		else {
			close(reason);
		}
	}

	@Override
	public void closeIfQuiet(Duration quiet, CloseReason reason) {
		this.wire.execute(() -> {
			// Only here is it certain that nothing comes in between.
			if (!isOwing() && idleFor().compareTo(quiet) >= 0 && this.life.requestClose()) {
				this.life.closePatiently(reason);
			}
		});
	}

	@Override
	public void when(Predicate<OpenConnection> condition, Consumer<OpenConnection> action) {
		this.wire.execute(() -> {
			if (condition.test(this)) {
				action.accept(this);
			}
		});
	}

	@Override
	public void reset(CloseReason reason, @Nullable String note) {
		this.life.requestClose();
		this.wire.execute(() -> {
			this.note = note;
			this.life.reset(reason);
		});
	}

	/**
	 * What the operator said who closed it for this reason; null when nobody did.
	 */
	@Nullable String note(CloseReason reason) {
		return reason.isOperators() ? this.note : null;
	}

	/**
	 * The connection is gone; called in the order of its wire.
	 * @param registry learns of it; null when it does not know it
	 * @return whether it was not told before
	 */
	public boolean ended(@Nullable ConnectionRegistry registry) {
		CloseReason reason = this.life.ended();
		if (reason != null && registry != null) {
			registry.closed(this, reason);
		}
		return reason != null;
	}

	/**
	 * What is kept of it when it has ended.
	 */
	ClosedConnection asClosed(CloseReason reason) {
		return new ClosedConnection(this.id, this.listener, this.endpoints, openedAt(), age(), reason, note(reason),
				this.life.firstSignal(), this.wire.tcpFigures(), bytesReceived(), bytesSent(), messages());
	}

	/**
	 * Runs an action with a figure that changes whenever the peer has taken some of what
	 * waits for it, in this connection's order.
	 */
	void inspect(LongConsumer action) {
		this.wire.execute(() -> action.accept(this.wire.taken()));
	}

	@Override
	public String toString() {
		return this.id;
	}

}
