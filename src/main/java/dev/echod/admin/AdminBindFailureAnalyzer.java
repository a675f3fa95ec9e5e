package dev.echod.admin;

import java.util.Locale;

import org.jspecify.annotations.Nullable;
import reactor.netty.ChannelBindException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;

/**
 * Says why the admin API cannot listen where it should. Boot has an answer to a port that
 * is taken, and to nothing else.
 */
class AdminBindFailureAnalyzer extends AbstractFailureAnalyzer<ChannelBindException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, ChannelBindException cause) {
		if (findCause(rootFailure, PortInUseException.class) != null) {
			return null;
		}
		Throwable failure = (cause.getCause() != null) ? cause.getCause() : cause;
		String reason = String.valueOf(failure.getMessage());
		return new FailureAnalysis("The admin API cannot listen on %s port %d: %s.".formatted(cause.localHost(),
				cause.localPort(), reason), action(reason.toLowerCase(Locale.ROOT)), cause);
	}

	private static String action(String reason) {
		if (reason.contains("cannot assign requested address")) {
			return "Set server.address to an address of this machine ('ip address' lists them), such as 127.0.0.1; where "
					+ "management.server.port is set, management.server.address too.";
		}
		if (reason.contains("permission denied")) {
			return "Set server.port, and management.server.port where it is set, to 1024 or above, or give the process the "
					+ "right to listen there (CAP_NET_BIND_SERVICE).";
		}
		return "Check server.address and server.port, and management.server.address and management.server.port where they "
				+ "are set.";
	}

}
