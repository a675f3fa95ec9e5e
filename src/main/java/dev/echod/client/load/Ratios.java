package dev.echod.client.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

import dev.echod.client.load.JsonReport.Run;
import dev.echod.client.load.JsonReport.Times;

/**
 * Compares loads: those of several targets with that of the first, and each with one that
 * was reported before. Only what is valid is compared.
 */
final class Ratios {

	private static final String CHANCE = "One round each: nobody knows how much of it is chance (see --rounds)";

	private static final List<ToDoubleFunction<Run>> FIGURES = List.of(Run::messagesPerSecond,
			(run) -> response(run).p50(), (run) -> response(run).p99());

	private Ratios() {
	}

	private static Times response(Run run) {
		return Objects.requireNonNull(run.response());
	}

	/**
	 * Compares what was measured in turn.
	 * @return lines for people to read; none if there is nothing to compare
	 */
	static List<String> among(List<Run> runs) {
		if (runs.isEmpty()) {
			return List.of();
		}
		List<List<Run>> positions = byPosition(runs);
		List<Run> first = positions.removeFirst();
		Set<String> named = new HashSet<>(Set.of(first.getFirst().subject()));
		List<String> lines = new ArrayList<>();
		for (List<Run> these : positions) {
			String subject = these.getFirst().subject();
			lines.add(line(named.add(subject) ? subject : subject + ", again", sameRounds(these, first),
					sameRounds(first, these), Ratio::paired));
		}
		return lines.isEmpty() ? lines : titled("Compared with " + first.getFirst().subject(), lines);
	}

	/**
	 * The runs that were the first of their rounds, those that were the second, and so
	 * on: a target that is named twice is compared with itself.
	 */
	private static List<List<Run>> byPosition(List<Run> runs) {
		Map<Integer, Integer> seen = new HashMap<>();
		List<List<Run>> positions = new ArrayList<>();
		for (Run run : runs) {
			int position = seen.merge(run.round(), 1, Integer::sum) - 1;
			if (position == positions.size()) {
				positions.add(new ArrayList<>());
			}
			positions.get(position).add(run);
		}
		return positions;
	}

	/**
	 * Compares with an earlier load; a single subject also where it had another name.
	 * @return lines for people to read
	 */
	static List<String> with(JsonReport earlier, JsonReport report) {
		Map<String, List<Run>> before = bySubject(earlier.runs());
		Map<String, List<Run>> now = bySubject(report.runs());
		boolean single = before.size() == 1 && now.size() == 1;
		List<String> lines = new ArrayList<>();
		now.forEach((subject, these) -> {
			List<Run> others = before.getOrDefault(single ? before.keySet().iterator().next() : subject, List.of());
			lines.add(line(subject, valid(these), valid(others), Ratio::unpaired));
		});
		if (!earlier.plan().equals(report.plan())) {
			lines.add("It was planned otherwise, which may be what makes the difference");
		}
		return titled("Compared with the earlier load", lines);
	}

	private static Map<String, List<Run>> bySubject(List<Run> runs) {
		Map<String, List<Run>> subjects = new LinkedHashMap<>();
		runs.forEach((run) -> subjects.computeIfAbsent(run.subject(), (name) -> new ArrayList<>()).add(run));
		return subjects;
	}

	private static List<Run> valid(List<Run> runs) {
		return runs.stream().filter((run) -> run.verdict() == Verdict.VALID && run.response() != null).toList();
	}

	private static List<Run> sameRounds(List<Run> these, List<Run> others) {
		List<Integer> rounds = valid(others).stream().map(Run::round).toList();
		return valid(these).stream().filter((run) -> rounds.contains(run.round())).toList();
	}

	private static List<String> titled(String name, List<String> lines) {
		if (lines.stream().anyMatch((line) -> Character.isDigit(line.charAt(line.length() - 1)))) {
			lines.add(CHANCE);
		}
		lines.addFirst(String.format(Locale.ROOT, "%-36s%22s%22s%22s", name, "messages/s", "p50", "p99"));
		return lines;
	}

	private static String line(String subject, List<Run> these, List<Run> others,
			BiFunction<double[], double[], Ratio> ratio) {
		StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-36s", subject));
		if (these.isEmpty() || others.isEmpty()) {
			return line.append("nothing valid to compare").toString();
		}
		for (ToDoubleFunction<Run> figure : FIGURES) {
			double[] now = these.stream().mapToDouble(figure).toArray();
			double[] before = others.stream().mapToDouble(figure).toArray();
			line.append(String.format(Locale.ROOT, "%22s", ratio.apply(now, before)));
		}
		return line.toString();
	}

}
