package dev.echod.service;

import org.springframework.integration.handler.BridgeHandler;
import org.springframework.integration.support.management.metrics.MetricsCaptor;

/**
 * Answers each message with itself (RFC 862). A timer for each message would cost more
 * than the echo, so it takes none; the listener counts.
 */
public class EchoService extends BridgeHandler {

	@Override
	public void registerMetricsCaptor(MetricsCaptor metricsCaptor) {
	}

}
