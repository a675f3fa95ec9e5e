package dev.echod.transport;

/**
 * The transport asked for does not work on this machine.
 */
public class TransportUnavailableException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	TransportUnavailableException(Transport transport, String reason) {
		super("The transport '%s' does not work on this machine: %s".formatted(transport, reason));
	}

}
