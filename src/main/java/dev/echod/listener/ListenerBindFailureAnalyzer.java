package dev.echod.listener;

import java.util.Locale;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

class ListenerBindFailureAnalyzer extends AbstractFailureAnalyzer<ListenerBindException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ListenerBindException cause) {
		return new FailureAnalysis(cause.getMessage() + ".", action(cause), cause);
	}

	private static String action(ListenerBindException failure) {
		String property = "echod.listeners.%s.".formatted(failure.getListener());
		int port = failure.getAddress().getPort();
		String reason = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
		if (reason.contains("address already in use")) {
			return "Stop what listens there ('ss -ltnp sport = :%d' names it), or set %sport to a free port (0 takes any)."
				.formatted(port, property);
		}
		if (reason.contains("permission denied")) {
			return "Set %sport to 1024 or above, or give the process the right to listen on port %d (CAP_NET_BIND_SERVICE)."
				.formatted(property, port);
		}
		if (reason.contains("cannot assign requested address")) {
			return ("Set %saddress to an address of this machine ('ip address' lists them), to 0.0.0.0 for all of IPv4, "
					+ "or to '::' for all of both IPv4 and IPv6.")
				.formatted(property);
		}
		if (reason.contains("ipv6 is not available")) {
			return "Set %saddress to 0.0.0.0 or another address of IPv4, or have IPv6 on this machine."
				.formatted(property);
		}
		return "Check %saddress and %sport.".formatted(property, property);
	}

}
