package dev.echod.gateway;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Locale;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ServiceFailedException;
import dev.echod.framing.FrameException;
import dev.echod.tls.TlsTruncatedException;

/**
 * Why a connection ends that something has failed on.
 */
public final class CloseReasons {

	private CloseReasons() {
	}

	/**
	 * The reason for a failure of whoever handles messages.
	 */
	public static CloseReason ofService(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof ServiceFailedException known) {
				return known.reason();
			}
		}
		return CloseReason.SERVICE_FAILED;
	}

	/**
	 * The reason for a reply that could not be sent.
	 */
	public static CloseReason ofReply(Throwable failure) {
		return (failure instanceof OutOfMemoryError) ? CloseReason.MEMORY_SHORT : ofService(failure);
	}

	/**
	 * The reason for bytes that are no message.
	 */
	public static CloseReason ofFrame(Throwable failure) {
		return switch (failure) {
			case FrameException frame -> switch (frame.kind()) {
				case TOO_LONG -> CloseReason.FRAME_TOO_LONG;
				case TRUNCATED -> CloseReason.TRUNCATED_FRAME;
				case INVALID -> CloseReason.INVALID_MESSAGE;
			};
			case SocketTimeoutException ignored -> CloseReason.READ_TIMEOUT;
			case OutOfMemoryError ignored -> CloseReason.MEMORY_SHORT;
			default -> CloseReason.INVALID_MESSAGE;
		};
	}

	/**
	 * The reason for a read or write that failed.
	 */
	public static CloseReason ofSocket(Throwable failure) {
		return switch (failure) {
			case OutOfMemoryError ignored -> CloseReason.MEMORY_SHORT;
			case TlsTruncatedException ignored -> CloseReason.TLS_TRUNCATED;
			case SocketTimeoutException ignored -> CloseReason.READ_TIMEOUT;
			case IOException io when isReset(io) -> CloseReason.PEER_RESET;
			case IOException io when isVanished(io) -> CloseReason.PEER_VANISHED;
			default -> CloseReason.IO_ERROR;
		};
	}

	private static boolean isReset(IOException failure) {
		return says(failure, "connection reset") || says(failure, "broken pipe");
	}

	/**
	 * ETIMEDOUT, EHOSTUNREACH and ENETUNREACH, as the C libraries put them into words.
	 */
	private static boolean isVanished(IOException failure) {
		return says(failure, "timed out") || says(failure, "unreachable") || says(failure, "no route to host");
	}

	private static boolean says(IOException failure, String words) {
		return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains(words);
	}

}
