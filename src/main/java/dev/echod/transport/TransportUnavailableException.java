package dev.echod.transport;

/**
 * The transport asked for does not work on this machine.
 */
public class TransportUnavailableException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final Transport transport;

	TransportUnavailableException(Transport transport, String reason) {
		super("The transport '%s' does not work on this machine: %s".formatted(transport, reason));
		this.transport = transport;
	}

	public Transport getTransport() {
		return this.transport;
	}

}
