package dev.echod.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Netty's epoll handler, which takes a socket out of epoll when nothing is awaited of it,
 * and up to 4.2.18 fails to put it back: {@code epoll_ctl} then fails with ENOENT. That
 * is the state of a connection whose peer has sent its FIN and has taken all so far; the
 * next write that does not go out at once would fail. Here the socket is registered anew.
 */
final class EpollReadding extends ForwardingIoHandler {

	private EpollReadding(IoHandler handler) {
		super(handler);
	}

	static IoHandlerFactory newFactory() {
		IoHandlerFactory factory = EpollIoHandler.newFactory();
		return (executor) -> new EpollReadding(factory.newHandler(executor));
	}

	@Override
	public IoRegistration register(IoHandle handle) throws Exception {
		return new Registration(handle);
	}

	private final class Registration implements IoRegistration {

		private final IoHandle handle;

		private IoRegistration present;

		private boolean removed;

		Registration(IoHandle handle) throws Exception {
			this.handle = handle;
			this.present = EpollReadding.super.register(handle);
		}

		@Override
		@SuppressWarnings("TypeParameterUnusedInFormals") // Netty's
		public synchronized <T> T attachment() {
			return this.present.attachment();
		}

		@Override
		public synchronized long submit(IoOps ops) {
			boolean none = ops.equals(EpollIoOps.NONE);
			if (this.removed && !none) {
				registerAnew();
			}
			this.removed = none;
			return this.present.submit(ops);
		}

		private void registerAnew() {
			if (this.present.cancel()) {
				try {
					this.present = EpollReadding.super.register(this.handle);
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
			}
		}

		@Override
		public synchronized boolean isValid() {
			return this.present.isValid();
		}

		@Override
		public synchronized boolean cancel() {
			return this.present.cancel();
		}

	}

}
