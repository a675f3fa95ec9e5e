package dev.echod.transport;

import java.util.stream.Collectors;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

class TransportUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<TransportUnavailableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TransportUnavailableException cause) {
		String available = Transport.available()
			.stream()
			.map(Transport::toString)
			.collect(Collectors.joining("' or '", "'", "'"));
		return new FailureAnalysis(cause.getMessage() + ".",
				"Set echod.transport to 'auto', which takes the first that works, or to %s.".formatted(available),
				cause);
	}

}
