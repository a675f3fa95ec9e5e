package dev.echod.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was measured, for programs to read.
 *
 * @param machine what it was measured on, and with
 * @param rounds of each server in each workload that count
 * @param seconds that each took
 */
record Report(Instant at, Map<String, String> machine, int rounds, long seconds, List<Part> parts) {

	String toJson() {
		return JsonMapper.builder()
			.enable(SerializationFeature.INDENT_OUTPUT)
			.changeDefaultPropertyInclusion((value) -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
			.build()
			.writeValueAsString(this) + System.lineSeparator();
	}

	/**
	 * One workload.
	 *
	 * @param baseline the server that the others are compared with
	 */
	record Part(Workload workload, String baseline, List<Line> lines) {

		/**
		 * Of the rounds of each server, the first of which is what the others are
		 * compared with.
		 * @param residentMemory of each, after them, in bytes
		 */
		static Part of(Workload workload, List<String> servers, List<List<Round>> rounds, List<Long> residentMemory) {
			List<Line> lines = IntStream.range(0, servers.size())
				.mapToObj((i) -> Line.of(servers.get(i), rounds.get(i), rounds.getFirst(), residentMemory.get(i)))
				.toList();
			return new Part(workload, servers.getFirst(), lines);
		}

	}

	/**
	 * One server. Times are in microseconds, memory in bytes; of what failed there is
	 * nothing else.
	 *
	 * @param failure the first; null when there was none
	 * @param ratio of the messages a second to those of the baseline in the same round
	 * @param processorTime for a message
	 */
	record Line(String server, @Nullable String failure, @Nullable Spread messagesPerSecond,
			@Nullable Spread bytesPerSecond, @Nullable Spread ratio, @Nullable Spread p50, @Nullable Spread p99,
			@Nullable Spread processorTime, @Nullable Long residentMemory) {

		static Line of(String server, List<Round> rounds, List<Round> baseline, long residentMemory) {
			String failure = rounds.stream().map(Round::failure).filter(Objects::nonNull).findFirst().orElse(null);
			if (failure != null) {
				return new Line(server, failure, null, null, null, null, null, null, null);
			}
			return new Line(server, null, Spread.of(rounds, Round::messagesPerSecond),
					Spread.of(rounds, Round::bytesPerSecond), ratio(rounds, baseline), Spread.of(rounds, Round::p50),
					Spread.of(rounds, Round::p99), Spread.of(rounds, Round::processorTime), residentMemory);
		}

		private static @Nullable Spread ratio(List<Round> rounds, List<Round> baseline) {
			List<Double> ratios = new ArrayList<>();
			for (int i = 0; i < rounds.size(); i++) {
				if (baseline.get(i).isValid()) {
					ratios.add(rounds.get(i).messagesPerSecond() / baseline.get(i).messagesPerSecond());
				}
			}
			return ratios.isEmpty() ? null : Spread.of(ratios, Double::doubleValue);
		}

	}

}
