package dev.echod.classic;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;

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
	 * Waits until the connection is ready; then it is to be told as opened, and this as
	 * {@link #arrived()}.
	 * @return the connection; null when it is closed, which has been recorded
	 */
	@Nullable Arrived await() {
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
	 * The connection is among the open ones.
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
