package dev.echod.transport;

import java.util.List;
import java.util.function.Consumer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import dev.echod.tls.TlsTruncatedException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a connection, with a half-close as on one without: the peer's close_notify is
 * told as its FIN is elsewhere, and what is owed to it is still sent. A FIN without one
 * is a failure.
 * <p>
 * In TLS 1.2 an engine that has read a close_notify sends nothing more but its own (RFC
 * 5246, section 7.2.1). So it is given an alert only when all that was owed is sent: the
 * record can be told by its type, which is not encrypted. Whether it is what it seems to
 * be is found out then.
 */
class TlsHandler extends SslHandler {

	private static final byte ALERT = 21;

	private static final int HEADER = 5;

	private static final int LENGTH_OFFSET = 3;

	/**
	 * Two bytes, and what a cipher suite adds to them: 61 at most.
	 */
	private static final int MAX_ALERT = 128;

	@SuppressWarnings("NullAway.Init") // set before anything is read
	private ChannelHandlerContext context;

	private boolean holdsAlerts;

	/**
	 * Kept from the engine.
	 */
	private @Nullable ByteBuf alert;

	/**
	 * Whether the engine is given it now.
	 */
	private boolean passing;

	private boolean inputEnded;

	private boolean discarding;

	private boolean encrypting;

	/**
	 * Whether more may be written, as was told.
	 */
	private boolean writable = true;

	private boolean outputEnded;

	/**
	 * Create the handler of a connection that did not begin.
	 */
	TlsHandler(SSLEngine engine) {
		super(engine);
		// Who awaits the handshake has a limit of its own.
		setHandshakeTimeoutMillis(0);
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
		this.context = ctx;
		super.handlerAdded(ctx);
		sslCloseFuture().addListener((closed) -> {
			if (closed.isSuccess()) {
				endInput(ctx);
			}
		});
	}

	@Override
	public void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
		super.handlerRemoved0(ctx);
		takeAlert(ByteBuf::release);
	}

	/**
	 * The handshake is done.
	 */
	void secured() {
		this.holdsAlerts = engine().getSession().getProtocol().equals("TLSv1.2");
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws SSLException {
		if (this.passing) {
			super.decode(ctx, in, out);
		}
		else if (this.inputEnded) {
			in.skipBytes(in.readableBytes());
		}
		else if (!this.holdsAlerts || in.getByte(in.readerIndex()) != ALERT) {
			super.decode(ctx, in, out);
		}
		else if (in.readableBytes() >= HEADER) {
			decodeAlert(ctx, in, out);
		}
	}

	private void decodeAlert(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws SSLException {
		int length = HEADER + in.getUnsignedShort(in.readerIndex() + LENGTH_OFFSET);
		if (length > MAX_ALERT) {
			super.decode(ctx, in, out);
		}
		else if (in.readableBytes() >= length) {
			this.alert = ctx.alloc().buffer(length).writeBytes(in, length);
			endInput(ctx);
		}
	}

	/**
	 * Tells at once whether more may be written: what waits to be encrypted counts, of
	 * which the channel tells later, when much more has been read.
	 */
	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) throws Exception {
		super.write(ctx, msg, promise);
		tellWritability(ctx);
	}

	/**
	 * What is taken to be encrypted does not wait any more, and then waits again: of that
	 * nobody is told, who would read meanwhile.
	 */
	@Override
	public void flush(ChannelHandlerContext ctx) throws Exception {
		this.encrypting = true;
		try {
			super.flush(ctx);
		}
		finally {
			this.encrypting = false;
			tellWritability(ctx);
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		if (!this.encrypting) {
			tellWritability(ctx);
		}
	}

	private void tellWritability(ChannelHandlerContext ctx) {
		boolean now = ctx.channel().isWritable();
		if (now != this.writable) {
			this.writable = now;
			ctx.fireChannelWritabilityChanged();
		}
	}

	/**
	 * Also what comes after the peer's close_notify is told: it may have been owed
	 * something.
	 */
	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		ctx.fireExceptionCaught(cause);
	}

	private void endInput(ChannelHandlerContext ctx) {
		if (!this.inputEnded) {
			this.inputEnded = true;
			ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
		if (!handshakeFuture().isSuccess() || !InputEnd.isToldBy(event)) {
			super.userEventTriggered(ctx, event);
		}
		else if (this.discarding) {
			endInput(ctx);
		}
		else if (!this.inputEnded) {
			this.inputEnded = true;
			truncated(ctx);
		}
	}

	/**
	 * Tells of a FIN that no close_notify came before.
	 */
	void truncated(ChannelHandlerContext ctx) {
		ctx.fireExceptionCaught(new TlsTruncatedException());
	}

	/**
	 * Whether the peer's close_notify was told, or its FIN as a failure.
	 */
	final boolean isInputEnded() {
		return this.inputEnded;
	}

	final boolean isDiscarding() {
		return this.discarding;
	}

	/**
	 * What comes is not handled any more: its end need not be told.
	 */
	void discard() {
		this.discarding = true;
	}

	/**
	 * Sends our close_notify, after all that was flushed; once.
	 * @return completes when the system has taken it; fails also if the peer's was none
	 */
	ChannelFuture endOutput() {
		this.outputEnded = true;
		passAlert();
		return closeOutbound();
	}

	/**
	 * Keeps no alert from the engine any more: nothing can be sent after it.
	 */
	final void passAlerts() {
		this.holdsAlerts = false;
		passAlert();
	}

	private void passAlert() {
		takeAlert((taken) -> {
			this.passing = true;
			try {
				channelRead(this.context, taken);
			}
			catch (Exception ex) {
				this.context.fireExceptionCaught(ex);
			}
			this.passing = false;
		});
	}

	private void takeAlert(Consumer<ByteBuf> action) {
		ByteBuf taken = this.alert;
		this.alert = null;
		if (taken != null) {
			action.accept(taken);
		}
	}

	/**
	 * Closes the channel at once, whatever waits for the peer. It gets a close_notify if
	 * the system takes it.
	 * @param complete whether the peer is to know that all has come
	 */
	void close(boolean complete) {
		if (complete && !this.outputEnded) {
			endOutput();
		}
		// Not through here, where the peer would be waited for.
		this.context.close();
	}

	/**
	 * Bytes of a record that has not come whole; from any thread, where it may be old.
	 */
	int keptBytes() {
		return actualReadableBytes();
	}

}
