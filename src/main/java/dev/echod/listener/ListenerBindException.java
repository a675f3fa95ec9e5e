package dev.echod.listener;

import java.net.InetSocketAddress;

/**
 * A listener's address could not be bound.
 */
public class ListenerBindException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String listener;

	private final InetSocketAddress address;

	ListenerBindException(String listener, InetSocketAddress address, Throwable cause) {
		super("Listener '%s' cannot listen on %s port %d: %s".formatted(listener, address.getAddress().getHostAddress(),
				address.getPort(), cause.getMessage()), cause);
		this.listener = listener;
		this.address = address;
	}

	public String getListener() {
		return this.listener;
	}

	public InetSocketAddress getAddress() {
		return this.address;
	}

}
