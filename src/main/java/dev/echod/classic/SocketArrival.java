package dev.echod.classic;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import dev.echod.connection.Arrival;
import dev.echod.connection.ArrivalFailedException;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.gateway.CloseReasons;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that is not ready, and the thread that waits for what is still to come.
 */
final class SocketArrival implements Arrival {

	private static final Logger logger = LoggerFactory.getLogger(SocketArrival.class);

	private final String id;

	private final ClassicSettings settings;

	private final Arrived accepted;

	private final long acceptedNanos = System.nanoTime();

	/**
	 * What is awaited; null while nothing is.
	 */
	private volatile @Nullable ArrivalStep step;

	/**
	 * Why it was ended; null while it was not.
	 */
	private final AtomicReference<@Nullable CloseReason> ended = new AtomicReference<>();

	SocketArrival(String id, ClassicSettings settings, Arrived accepted) {
		this.id = id;
		this.settings = settings;
		this.accepted = accepted;
		settings.registry().arriving(settings.name(), this);
	}

	/**
	 * Waits on a thread until the connection is ready.
	 * @param wanted whether it is to be served: who stops may not have seen it
	 * @param ready serves it, which tells it as opened before this has {@link #arrived()}
	 * @throws RuntimeException if there is no thread; this has arrived then
	 */
	void begin(BooleanSupplier wanted, Executor thread, Consumer<Arrived> ready) {
		if (!wanted.getAsBoolean()) {
			end(CloseReason.LISTENER_STOPPED);
		}
		try {
			thread.execute(() -> handOver(ready));
		}
		catch (RuntimeException | Error ex) {
			arrived();
			throw ex;
		}
	}

	private void handOver(Consumer<Arrived> ready) {
		Arrived reached = await();
		if (reached != null) {
			try {
				ready.accept(reached);
			}
			finally {
				arrived();
			}
		}
	}

	/**
	 * Waits until the connection is ready.
	 * @return the connection; null when it is closed, which has been recorded
	 */
	private @Nullable Arrived await() {
		Arrived reached = this.accepted;
		try {
			for (ArrivalStep next : this.settings.steps()) {
				this.step = next;
				Arrived further = next.await(reached);
				if (further == null) {
					close(true);
					return null;
				}
				reached = further;
			}
			if (this.ended.get() == null) {
				return reached;
			}
			fail(reached, CloseReason.CLOSED);
		}
		catch (ArrivalFailedException ex) {
			fail(reached, ex.reason());
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.debug("{} did not become ready", this.id, ex);
			fail(reached, CloseReasons.ofSocket(ex));
		}
		return null;
	}

	/**
	 * The connection is among the open ones. May be told more than once.
	 */
	void arrived() {
		this.settings.registry().arrived(this.settings.name(), this);
	}

	private void fail(Arrived reached, CloseReason reason) {
		CloseReason known = this.ended.compareAndExchange(null, reason);
		this.settings.registry()
			.failed(ClosedConnection.neverReady(this.id, this.settings.name(), reached.endpoints(), this.acceptedNanos,
					(known != null) ? known : reason));
		close(reason.isCut());
	}

	private void close(boolean reset) {
		close(this.accepted.socket(), reset);
		this.accepted.place().giveBack();
		arrived();
	}

	private static void close(Socket socket, boolean reset) {
		try {
			if (reset) {
				socket.setSoLinger(true, 0);
			}
			socket.close();
		}
		catch (IOException ex) {
			logger.debug("{} failed to close", socket, ex);
		}
	}

	@Override
	public long acceptedNanos() {
		return this.acceptedNanos;
	}

	@Override
	public void expire() {
		ArrivalStep awaited = this.step;
		if (awaited == null || !awaited.keepsTime()) {
			end(CloseReason.HANDSHAKE_TIMEOUT);
		}
	}

	/**
	 * Frees the thread that waits, which then does the rest.
	 */
	@Override
	public void end(CloseReason reason) {
		if (this.ended.compareAndSet(null, reason)) {
			close(this.accepted.socket(), reason.isCut());
		}
	}

}
