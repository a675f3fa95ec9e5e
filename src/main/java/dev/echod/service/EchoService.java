package dev.echod.service;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.integration.handler.BridgeHandler;
import org.springframework.integration.support.management.metrics.MetricsCaptor;

/**
 * Answers each message with itself (RFC 862). A timer or an observation of each message
 * would cost more than the echo, so it takes none; the listener counts.
 */
public class EchoService extends BridgeHandler {

	@Override
	public void registerMetricsCaptor(MetricsCaptor metricsCaptor) {
	}

	@Override
	public void registerObservationRegistry(ObservationRegistry observationRegistry) {
	}

}
