package dev.echod.classic;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.echod.admission.Place;
import dev.echod.connection.RefusalReason;
import org.jspecify.annotations.Nullable;

/**
 * A selector's listening socket. It accepts nobody for a while when connections cannot be
 * accepted, for want of file descriptors above all, or come too fast: new clients wait in
 * the backlog, and the connections there are go on.
 */
final class SelectorListening {

	/**
	 * So many new clients, then those have their turn that are there.
	 */
	private static final int MOST_AT_ONCE = 64;

	private final ClassicSettings settings;

	/**
	 * What is configured, until it is bound.
	 */
	private volatile int port;

	/**
	 * Null while it does not listen.
	 */
	private volatile @Nullable ServerSocketChannel channel;

	private final AcceptFailures failures;

	SelectorListening(ClassicSettings settings) {
		this.settings = settings;
		this.port = settings.port();
		this.failures = new AcceptFailures(settings);
	}

	int port() {
		return this.port;
	}

	@Nullable ServerSocketChannel channel() {
		return this.channel;
	}

	/**
	 * Listens.
	 * @param onPort the port; 0 for any that is free
	 */
	void open(Selector selector, int onPort) throws IOException {
		ServerSocketChannel opened = this.settings.listen(onPort);
		try {
			opened.configureBlocking(false);
			this.port = ((InetSocketAddress) opened.getLocalAddress()).getPort();
			this.channel = opened;
			opened.register(selector, SelectionKey.OP_ACCEPT);
		}
		catch (IOException ex) {
			this.channel = null;
			opened.close();
			throw ex;
		}
	}

	/**
	 * Listens no more.
	 * @return the channel, which the selector has still to let go of; null when there was
	 * none
	 */
	@Nullable ServerSocketChannel close() throws IOException {
		ServerSocketChannel open = this.channel;
		this.channel = null;
		if (open != null) {
			open.close();
		}
		return open;
	}

	/**
	 * Accepts who is there; called on the selector's thread.
	 * @param accepted takes each, and does not throw
	 */
	void accept(Selector selector, Consumer<SocketChannel> accepted) {
		ServerSocketChannel open = this.channel;
		if (open == null) {
			return;
		}
		try {
			SocketChannel client = open.accept();
			this.failures.accepted();
			for (int i = 1; client != null; i++) {
				accepted.accept(client);
				client = (i < MOST_AT_ONCE && waitNanos() == 0) ? open.accept() : null;
			}
			acceptLater(selector, open, waitNanos());
		}
		catch (IOException ex) {
			if (open.isOpen()) {
				this.failures.failed(ex);
				acceptLater(selector, open, TimeUnit.MILLISECONDS.toNanos(AcceptFailures.RETRY_MILLIS));
			}
		}
	}

	/**
	 * Lets a client in, or has its close be a reset.
	 * @return its place; null when it may not come in
	 */
	@Nullable Place admit(SocketChannel client, boolean stopping) throws IOException {
		if (stopping) {
			this.settings.registry().refused(this.settings.name(), RefusalReason.STOPPING);
			return null;
		}
		Place place = this.settings.admission().admit(client.socket().getInetAddress());
		if (place == null) {
			client.setOption(StandardSocketOptions.SO_LINGER, 0);
		}
		return place;
	}

	private long waitNanos() {
		return this.settings.admission().waitNanos();
	}

	private static void acceptLater(Selector selector, ServerSocketChannel open, long nanos) {
		SelectionKey key = open.keyFor(selector);
		if (nanos == 0 || key == null || !key.isValid()) {
			return;
		}
		key.interestOps(0);
		CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, SocketWire.THREADS).execute(() -> {
			if (key.isValid()) {
				key.interestOps(SelectionKey.OP_ACCEPT);
				selector.wakeup();
			}
		});
	}

}
