package dev.echod.bench;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a server did in one round.
 *
 * @param failure what went wrong in it; null when nothing did
 * @param p50 of the response times, in microseconds, as is p99
 * @param processorTime for a message, in microseconds
 */
record Round(@Nullable String failure, double messagesPerSecond, double bytesPerSecond, double p50, double p99,
		double processorTime) {

	/**
	 * Of what the load client reports of it.
	 * @param processorTime that the server took
	 */
	static Round of(JsonNode run, Duration processorTime) {
		long messages = run.get("messages").asLong();
		String failure = "VALID".equals(run.get("verdict").asString()) ? null : failure(run);
		return new Round(failure, run.get("messagesPerSecond").asDouble(), run.get("bytesPerSecond").asDouble(),
				micros(run, "p50"), micros(run, "p99"), processorTime.toNanos() / 1e3 / Math.max(1, messages));
	}

	private static double micros(JsonNode run, String percentile) {
		return run.path("response").path(percentile).asDouble(0) * 1e6;
	}

	private static String failure(JsonNode run) {
		JsonNode first = run.get("failures").path(0).path("what");
		return first.isMissingNode() ? run.get("verdict").asString() : first.asString();
	}

	boolean isValid() {
		return this.failure == null;
	}

}
