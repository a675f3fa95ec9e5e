package dev.echod.classic;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.echod.admission.Place;
import dev.echod.connection.ConnectionActivity;
import dev.echod.connection.ConnectionPace;
import dev.echod.connection.TcpFigures;
import dev.echod.connection.Wire;
import dev.echod.tls.TlsSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket that threads read and write. Its order is kept by a lock, which no thread
 * holds while it waits for the peer.
 */
class SocketWire implements Wire {

	private static final Logger logger = LoggerFactory.getLogger(SocketWire.class);

	/**
	 * A thread for each task.
	 */
	static final Executor THREADS = (task) -> Thread.ofVirtual().start(task);

	/**
	 * Written and counted at a time, so that it can be seen how a slow peer gets on.
	 */
	private static final int PIECE = 16 * 1024;

	private final Socket socket;

	private final Place place;

	private final ConnectionActivity activity;

	private final Lock order = new ReentrantLock();

	private final Lock writing = new ReentrantLock();

	private final AtomicLong scheduled = new AtomicLong();

	private final Pause pause = new Pause();

	private volatile int pending;

	private volatile CompletableFuture<?> finishing = CompletableFuture.completedFuture(null);

	private Runnable closed = () -> {
	};

	private LongSupplier memory = () -> 0;

	private BooleanSupplier waiting = () -> false;

	/**
	 * Create a wire.
	 * @param place given back when it is closed
	 */
	SocketWire(Socket socket, Place place, ConnectionActivity activity) {
		this.socket = socket;
		this.place = place;
		this.activity = activity;
	}

	ConnectionActivity activity() {
		return this.activity;
	}

	/**
	 * Calls back when it is closed, in order; maybe more than once.
	 */
	void onClose(Runnable action) {
		this.closed = action;
	}

	/**
	 * Asks this for what its messages take, and whether bytes are unread for want of
	 * memory.
	 */
	void memory(LongSupplier bytes, BooleanSupplier waits) {
		this.memory = bytes;
		this.waiting = waits;
	}

	/**
	 * Writes bytes, and waits until the system has taken them.
	 */
	void write(byte[] bytes, int offset, int length) throws IOException {
		this.writing.lock();
		try {
			for (int done = 0; done < length; done += PIECE) {
				this.pending = length - done;
				int piece = Math.min(PIECE, length - done);
				writePiece(bytes, offset + done, piece);
				this.activity.sent(piece, nanoTime());
			}
		}
		finally {
			this.pending = 0;
			this.writing.unlock();
		}
	}

	void writePiece(byte[] bytes, int offset, int length) throws IOException {
		OutputStream output = this.socket.getOutputStream();
		output.write(bytes, offset, length);
	}

	@Override
	public void execute(Runnable action) {
		this.order.lock();
		try {
			action.run();
		}
		finally {
			this.order.unlock();
		}
	}

	/**
	 * Asks something in this connection's order.
	 */
	boolean ask(BooleanSupplier question) {
		this.order.lock();
		try {
			return question.getAsBoolean();
		}
		finally {
			this.order.unlock();
		}
	}

	/**
	 * Who reads asks whether to; it waits no more.
	 */
	@Override
	public void discardInput() {
		this.pause.end();
	}

	@Override
	public void pace(@Nullable ConnectionPace pace) {
		this.pause.pace(pace);
	}

	/**
	 * Waits while the connection is ahead of its byte rates; called before each read.
	 * @return how many bytes are to be read, at most
	 */
	int awaitPace() throws InterruptedIOException {
		return this.pause.await();
	}

	/**
	 * Reads what is there, when the connection is not ahead of its byte rates.
	 */
	int read(InputStream stream, byte[] buffer) throws IOException {
		return stream.read(buffer, 0, Math.min(buffer.length, awaitPace()));
	}

	/**
	 * What is owed was written already, but for a close_notify.
	 */
	@Override
	public void finish(Consumer<Boolean> finished) {
		if (this.socket instanceof TlsSocket) {
			this.finishing = CompletableFuture.runAsync(() -> endTls(finished), THREADS);
		}
		else {
			finished.accept(true);
		}
	}

	private void endTls(Consumer<Boolean> finished) {
		boolean taken = false;
		this.writing.lock();
		try {
			// As long as it waits for the peer.
			this.pending = 1;
			this.socket.shutdownOutput();
			taken = true;
		}
		catch (IOException ex) {
			logger.trace("{} has a peer that is gone already", this.socket, ex);
		}
		finally {
			this.pending = 0;
			this.writing.unlock();
		}
		boolean sent = taken;
		execute(() -> finished.accept(sent));
	}

	/**
	 * Waits until what {@link #finish} began is done; not in this connection's order.
	 */
	void awaitFinish() {
		this.finishing.join();
	}

	@Override
	public void sendFin() {
		try {
			this.socket.shutdownOutput();
		}
		catch (IOException ex) {
			logger.trace("{} has a peer that is gone already", this.socket, ex);
		}
	}

	@Override
	public void close() {
		this.pause.end();
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			logger.debug("{} failed to close", this.socket, ex);
		}
		givePlaceBack();
		this.closed.run();
	}

	void givePlaceBack() {
		this.place.giveBack();
	}

	@Override
	public void reset() {
		try {
			this.socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			logger.trace("{} is closed already", this.socket, ex);
		}
		close();
	}

	@Override
	public void schedule(Runnable action, long delayNanos) {
		long number = this.scheduled.incrementAndGet();
		CompletableFuture.delayedExecutor(delayNanos, TimeUnit.NANOSECONDS, THREADS).execute(() -> execute(() -> {
			if (this.scheduled.get() == number) {
				action.run();
			}
		}));
	}

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

	@Override
	public long pendingBytes() {
		return this.pending;
	}

	@Override
	public long memoryBytes() {
		return this.memory.getAsLong();
	}

	@Override
	public boolean isHeldBack() {
		return this.waiting.getAsBoolean() || this.pause.isWaiting();
	}

	/**
	 * The JDK does not ask the system.
	 */
	@Override
	public @Nullable TcpFigures tcpFigures() {
		return null;
	}

	@Override
	public long taken() {
		return this.activity.bytesSent();
	}

}
