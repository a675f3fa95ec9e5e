package dev.echod.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients of one listener on non-blocking sockets with small receive buffers, all used
 * from one thread. What the service refuses them is no failure.
 */
final class Attackers implements AutoCloseable {

	private static final int CONNECT_MILLIS = 10_000;

	private static final int RECEIVE_BUFFER = 4_096;

	/**
	 * Nothing moves for so long: nothing will.
	 */
	private static final Duration BLOCKED = Duration.ofMillis(200);

	private static final Duration PATIENCE = Duration.ofSeconds(8);

	private final List<SocketChannel> channels = new ArrayList<>();

	private final ByteBuffer received = ByteBuffer.allocate(64 * 1024);

	/**
	 * Connects so many.
	 */
	static Attackers connect(int port, int number) throws IOException {
		Attackers attackers = new Attackers();
		try {
			for (int i = 0; i < number; i++) {
				attackers.channels.add(connect(port));
			}
			return attackers;
		}
		catch (IOException ex) {
			attackers.reset();
			throw ex;
		}
	}

	private static SocketChannel connect(int port) throws IOException {
		SocketChannel channel = SocketChannel.open();
		try {
			channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
			channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
			channel.socket().connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
			channel.configureBlocking(false);
			return channel;
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	int number() {
		return this.channels.size();
	}

	/**
	 * Sends the bytes over and over, up to so many times, until nothing more can be sent.
	 * Nothing is read.
	 */
	Attackers sendUntilBlocked(byte[] bytes, int times) {
		return send(repeated(bytes, times), false);
	}

	/**
	 * Sends the bytes, and reads what comes back.
	 */
	Attackers sendAndRead(byte[] bytes) {
		return send(repeated(bytes, 1), true);
	}

	private List<Flow> repeated(byte[] bytes, int times) {
		return this.channels.stream().map((channel) -> new Flow(channel, ByteBuffer.wrap(bytes), times)).toList();
	}

	/**
	 * Sends each client its own bytes, and reads nothing.
	 */
	Attackers sendEach(List<byte[]> bytes) {
		List<Flow> flows = new ArrayList<>();
		for (int i = 0; i < this.channels.size(); i++) {
			flows.add(new Flow(this.channels.get(i), ByteBuffer.wrap(bytes.get(i)), 1));
		}
		return send(flows, false);
	}

	private Attackers send(List<Flow> flows, boolean read) {
		long start = System.nanoTime();
		long moved = start;
		boolean done = false;
		while (!done && System.nanoTime() - moved < BLOCKED.toNanos()
				&& System.nanoTime() - start < PATIENCE.toNanos()) {
			done = true;
			boolean moves = false;
			for (Flow flow : flows) {
				moves |= flow.write();
				moves |= read && receive(flow.channel) > 0;
				done &= flow.isDone();
			}
			if (moves) {
				moved = System.nanoTime();
			}
			else {
				LockSupport.parkNanos(1_000_000);
			}
		}
		return this;
	}

	/**
	 * Reads what there is.
	 * @return the number of bytes, or -1 at the end
	 */
	private int receive(SocketChannel channel) {
		try {
			return channel.isOpen() ? channel.read(this.received.clear()) : -1;
		}
		catch (IOException ex) {
			return -1;
		}
	}

	/**
	 * Whether the service has ended the connection of each.
	 */
	boolean areCutOff() {
		return this.channels.stream().allMatch((channel) -> receive(channel) < 0);
	}

	/**
	 * Ends our side, and leaves the other open.
	 */
	Attackers sendFin() {
		for (SocketChannel channel : this.channels) {
			try {
				channel.shutdownOutput();
			}
			catch (IOException ex) {
				// The service has ended it already.
			}
		}
		return this;
	}

	/**
	 * Leaves, every other one with a reset, the others with a FIN where nothing is
	 * unread.
	 */
	@Override
	public void close() throws IOException {
		for (int i = 0; i < this.channels.size(); i++) {
			close(this.channels.get(i), i % 2 == 0);
		}
	}

	/**
	 * Leaves with resets.
	 */
	void reset() throws IOException {
		for (SocketChannel channel : this.channels) {
			close(channel, true);
		}
	}

	private static void close(SocketChannel channel, boolean reset) throws IOException {
		try {
			if (reset && channel.isOpen()) {
				channel.setOption(StandardSocketOptions.SO_LINGER, 0);
			}
		}
		finally {
			channel.close();
		}
	}

	/**
	 * What one client still has to send.
	 */
	private static final class Flow {

		private final SocketChannel channel;

		private final ByteBuffer bytes;

		private int times;

		Flow(SocketChannel channel, ByteBuffer bytes, int times) {
			this.channel = channel;
			this.bytes = bytes;
			this.times = times;
		}

		/**
		 * Whether something could be sent.
		 */
		boolean write() {
			if (isDone()) {
				return false;
			}
			try {
				int written = this.channel.write(this.bytes);
				if (!this.bytes.hasRemaining()) {
					this.times--;
					this.bytes.clear();
				}
				return written > 0;
			}
			catch (IOException ex) {
				this.times = 0;
				return false;
			}
		}

		boolean isDone() {
			return this.times == 0;
		}

	}

}
