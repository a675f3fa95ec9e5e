package dev.echod.transport;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionActivity;
import dev.echod.connection.ConnectionLife;
import dev.echod.framing.Interim;
import dev.echod.gateway.CloseReasons;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * What a connection receives, on its way from the socket to its listener: as it comes, or
 * cut into messages, one after the other while the {@link ReadGate} is open. Used on the
 * event loop.
 */
final class ConnectionInput extends ChannelInboundHandlerAdapter implements ReadGate.Listener {

	/**
	 * How many messages are taken out of what is kept before other connections have their
	 * turn: a read of nothing but line feeds has tens of thousands.
	 */
	private static final int TURN = 1024;

	private final NettyTcpConnection connection;

	private final EventLoops eventLoops;

	private final ConnectionActivity activity;

	private final ReadGate gate;

	private final ConnectionOutput output;

	private final ChannelWire wire;

	/**
	 * Null when the listener is called on the event loop.
	 */
	private final @Nullable ListenerCalls calls;

	private final KeptInput kept;

	private boolean endSeen;

	ConnectionInput(NettyTcpConnection connection, EventLoops eventLoops, ReadGate gate, ConnectionOutput output,
			ChannelWire wire, @Nullable ListenerCalls calls) {
		this.connection = connection;
		this.eventLoops = eventLoops;
		this.activity = connection.served().activity();
		this.gate = gate;
		this.output = output;
		this.wire = wire;
		this.calls = calls;
		this.kept = new KeptInput(connection, eventLoops.memory());
		gate.tell(this);
	}

	private ConnectionLife life() {
		return this.connection.served().life();
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.connection.opened();
		inOrder(this.connection::publishOpened);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		ByteBuf bytes = (ByteBuf) msg;
		int length = bytes.readableBytes();
		this.output.beginBatch();
		this.activity.received(length, this.eventLoops.recentNanos());
		if (this.kept.isBypassed() && this.gate.passes()) {
			if (this.calls == null) {
				// As deliver does, a call nearer: the compiler follows no more of them.
				this.activity.messageReceived();
				this.connection.deliver(bytes);
			}
			else {
				deliver(bytes, length);
			}
		}
		else if (life().isClosing()) {
			bytes.release();
		}
		else if (this.kept.add(ctx.alloc(), bytes, !this.gate.isReading())) {
			cut(TURN);
		}
		else {
			makeRoom();
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		this.output.endBatch();
		if (this.eventLoops.memory().isShort() && !this.gate.has(ReadGate.Reason.MEMORY_SHORT)) {
			waitForMemory();
		}
	}

	/**
	 * While memory is short who has more than a little of it gets no more.
	 */
	private void waitForMemory() {
		boolean waits = this.eventLoops.memory().isShortFor(this.wire.memoryBytes());
		this.gate.set(ReadGate.Reason.MEMORY_SHORT, waits);
		if (waits) {
			this.wire.executeAfter(this::waitForMemory, BufferMemory.LOOK_NANOS);
		}
	}

	@Override
	public long keptBytes() {
		return this.kept.size() + ((this.calls != null) ? this.calls.givenBytes() : 0);
	}

	@Override
	public void discarding() {
		this.kept.release();
	}

	private void deliver(Object message, int length) {
		this.activity.messageReceived();
		if (this.calls == null) {
			this.connection.deliver(message);
		}
		else {
			this.calls.give(message, length);
		}
	}

	/**
	 * Too much is kept: who waits for its turn has it now, others lose their connection.
	 */
	private void makeRoom() {
		if (this.gate.hasOnly(ReadGate.Reason.TURN_OVER)) {
			this.gate.set(ReadGate.Reason.TURN_OVER, false);
		}
		cut(Integer.MAX_VALUE);
		if (!this.gate.isOpen()) {
			this.connection.served().reset(CloseReason.SLOW_READER);
		}
	}

	/**
	 * Takes messages out of what is kept while the gate is open.
	 * @param most how many before others have their turn
	 * @return whether none is left that could be taken
	 */
	private boolean cut(int most) {
		boolean taken = life().isClosing();
		try {
			for (int left = most; !taken && this.gate.isOpen(); left--) {
				if (left == 0) {
					this.gate.set(ReadGate.Reason.TURN_OVER, true);
					this.wire.executeAfterOthers(() -> this.gate.set(ReadGate.Reason.TURN_OVER, false));
					break;
				}
				int before = this.kept.size();
				Object message = this.kept.next();
				if (message != null) {
					received(message, before - this.kept.size());
				}
				taken = message == null || life().isClosing();
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			taken = true;
			this.connection.failed(ex, CloseReasons.ofFrame(ex));
		}
		if (life().isClosing()) {
			this.kept.release();
		}
		else if (taken) {
			this.kept.taken();
		}
		return taken;
	}

	private void received(Object message, int length) {
		if (message instanceof Interim) {
			this.output.sendNow(message);
		}
		else {
			deliver(message, length);
		}
	}

	@Override
	public void opened() {
		this.wire.executeAfterOthers(this::proceed);
	}

	/**
	 * Goes on with what is kept, and after it with the peer's FIN.
	 */
	private void proceed() {
		long before = this.activity.messages();
		boolean begun = this.output.beginBatch();
		boolean taken = true;
		try {
			taken = cut(TURN);
		}
		finally {
			if (begun) {
				this.output.endBatch();
			}
		}
		if (taken) {
			this.gate.caughtUp();
		}
		if (!this.endSeen || !taken || life().isInputEnded()) {
			return;
		}
		if (this.activity.messages() > before) {
			// After what those messages have done on this event loop, in a room above
			// all.
			this.wire.executeLater(this::proceed);
		}
		else {
			life().peerEnded();
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		this.gate.set(ReadGate.Reason.PEER_SLOW, !ctx.channel().isWritable());
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event == OutputCut.INSTANCE) {
			this.wire.outputCut();
			life().outputLost();
		}
		else if (!this.endSeen && InputEnd.isToldBy(event)) {
			this.endSeen = true;
			this.gate.inputEnded();
			this.kept.end();
			// After what the messages before had done on this event loop.
			this.wire.executeLater(this::proceed);
		}
	}

	/**
	 * Whether nothing is to come that would be handled.
	 */
	boolean isEnded() {
		return this.endSeen || life().isClosing();
	}

	/**
	 * Has who waits for the rest of a message meet a failure.
	 * @return whether it was taken for the end of the message; the next is not
	 * @throws IOException the failure, or what the deserializer made of it
	 */
	boolean meets(IOException failure) throws IOException {
		Object message = this.kept.failed(failure);
		if (message != null) {
			received(message, 0);
		}
		return message != null;
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (!(cause instanceof ClosedChannelException)) {
			this.connection.broken(cause, CloseReasons.ofSocket(cause));
		}
	}

	/**
	 * The last event of any connection.
	 */
	@Override
	public void channelUnregistered(ChannelHandlerContext ctx) {
		this.kept.release();
		this.output.ended();
		this.wire.cancelTimer();
		this.connection.ended();
		inOrder(this.connection::publishClosed);
	}

	private void inOrder(Runnable action) {
		if (this.calls != null) {
			this.calls.inOrder(action);
		}
		else {
			action.run();
		}
	}

}
