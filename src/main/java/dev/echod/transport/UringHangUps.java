package dev.echod.transport;

import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.ServerChannel;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's io_uring handler, which up to 4.2.18 forgets that a peer has hung up when it
 * learns of it while a read is under way that then returns all there is: it reads no
 * more, and a connection that was reset stays open for ever. Here it is told again after
 * each such read.
 * <p>
 * Nor does what one connection fails with, for want of memory above all, end the event
 * loop of others.
 */
final class UringHangUps extends ForwardingIoHandler {

	private static final Logger logger = LoggerFactory.getLogger(UringHangUps.class);

	/**
	 * Numbers of linux/io_uring.h.
	 */
	private static final byte POLL_ADD = 6;

	private static final byte RECV = 27;

	/**
	 * Of bits/poll.h.
	 */
	private static final int POLLRDHUP = 0x2000;

	private static final IoUringIoEvent HANG_UP = new IoUringIoEvent(POLLRDHUP, 0, POLL_ADD, 0L);

	private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);

	private boolean told;

	private long toldNanos;

	private UringHangUps(IoHandler handler) {
		super(handler);
	}

	static IoHandlerFactory newFactory() {
		IoHandlerFactory factory = IoUringIoHandler.newFactory();
		return (executor) -> new UringHangUps(factory.newHandler(executor));
	}

	@Override
	public IoRegistration register(IoHandle handle) throws Exception {
		return super.register(new Handle((IoUringIoHandle) handle));
	}

	/**
	 * What fails for want of memory fails for hundreds.
	 */
	private void tellOf(Throwable failure) {
		long now = System.nanoTime();
		if (!this.told || now - this.toldNanos > TELL_NANOS) {
			this.told = true;
			this.toldNanos = now;
			logger.warn("Connections are closed, their event loop goes on: {}", failure.toString());
		}
		else {
			logger.debug("A connection is closed, its event loop goes on", failure);
		}
	}

	@SuppressWarnings("try") // as it is in Netty
	private final class Handle implements IoUringIoHandle {

		private final IoUringIoHandle handle;

		private boolean hungUp;

		Handle(IoUringIoHandle handle) {
			this.handle = handle;
		}

		@Override
		public void handle(IoRegistration registration, IoEvent event) {
			try {
				tell(registration, event);
			}
			catch (Throwable ex) {
				tellOf(ex);
				endAfter(ex);
			}
		}

		/**
		 * A listening socket is not closed: it accepts again after a while.
		 */
		private void endAfter(Throwable failure) {
			try {
				Channel channel = ((Channel.Unsafe) this.handle).voidPromise().channel();
				channel.pipeline().fireExceptionCaught(failure);
				if (!(channel instanceof ServerChannel)) {
					this.handle.close();
				}
			}
			catch (Throwable ex) {
				failure.addSuppressed(ex);
				logger.warn("It could not be closed", failure);
			}
		}

		private void tell(IoRegistration registration, IoEvent event) {
			IoUringIoEvent happened = (IoUringIoEvent) event;
			byte operation = happened.opcode();
			int result = happened.res();
			this.handle.handle(registration, event);
			if (operation == POLL_ADD && result > 0 && (result & POLLRDHUP) != 0) {
				this.hungUp = true;
			}
			else if (this.hungUp && operation == RECV && result > 0) {
				this.handle.handle(registration, HANG_UP);
			}
		}

		@Override
		public void registered() {
			this.handle.registered();
		}

		@Override
		public void unregistered() {
			this.hungUp = false;
			this.handle.unregistered();
		}

		@Override
		public void close() throws Exception {
			this.handle.close();
		}

	}

}
