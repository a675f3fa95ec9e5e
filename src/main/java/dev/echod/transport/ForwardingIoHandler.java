package dev.echod.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;

/**
 * Passes all on to one of Netty's handlers.
 */
abstract class ForwardingIoHandler implements IoHandler {

	private final IoHandler handler;

	ForwardingIoHandler(IoHandler handler) {
		this.handler = handler;
	}

	@Override
	public void initialize() {
		this.handler.initialize();
	}

	@Override
	public int run(IoHandlerContext context) {
		return this.handler.run(context);
	}

	@Override
	public void prepareToDestroy() {
		this.handler.prepareToDestroy();
	}

	@Override
	public void destroy() {
		this.handler.destroy();
	}

	@Override
	public IoRegistration register(IoHandle handle) throws Exception {
		return this.handler.register(handle);
	}

	@Override
	public void wakeup() {
		this.handler.wakeup();
	}

	@Override
	public boolean isCompatible(Class<? extends IoHandle> handleType) {
		return this.handler.isCompatible(handleType);
	}

}
