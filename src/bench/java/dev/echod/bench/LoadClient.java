package dev.echod.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;

/**
 * Loads servers in turn with the packaged load client, and notes what processor time each
 * round took of its server.
 */
final class LoadClient {

	private static final String HOST = "127.0.0.1:";

	/**
	 * What the client says of a server when it is done with it for this round.
	 */
	private static final Pattern DONE = Pattern.compile(Pattern.quote(HOST) + "(\\d+)(?:: | failed: ).*");

	private static final int NOT_UNDERSTOOD = 2;

	private final List<Server> servers;

	LoadClient(List<Server> servers) {
		this.servers = servers;
	}

	/**
	 * Loads all, and does not tell how it was: they are compiled meanwhile.
	 */
	void warmUp(Workload workload, Duration time) throws IOException, InterruptedException {
		run(workload, 1, time);
	}

	/**
	 * Loads all, so often and so long each time, after a round that does not count: the
	 * client is compiled in that.
	 * @return the rounds of each, in the order of the servers
	 */
	List<List<Round>> load(Workload workload, int rounds, Duration time) throws IOException, InterruptedException {
		return run(workload, 1 + rounds, time).stream().map((each) -> each.subList(1, each.size())).toList();
	}

	private List<List<Round>> run(Workload workload, int rounds, Duration time)
			throws IOException, InterruptedException {
		Path report = Files.createTempFile("load", ".json");
		try {
			List<List<Duration>> processorTimes = follow(command(workload, rounds, time, report));
			JsonNode runs = new JsonMapper().readTree(report).get("runs");
			return IntStream.range(0, this.servers.size())
				.mapToObj((i) -> rounds(this.servers.get(i), runs, processorTimes.get(i)))
				.toList();
		}
		finally {
			Files.delete(report);
		}
	}

	private List<String> command(Workload workload, int rounds, Duration time, Path report) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(System.getProperty("echod.jvm-flags").split(" ")));
		command.addAll(List.of("-jar", System.getProperty("echod.jar"), "load"));
		this.servers.forEach((server) -> command.add(HOST + server.port()));
		command.addAll(List.of("--connections", String.valueOf(workload.connections()), "--size", workload.size(),
				"--depth", String.valueOf(workload.depth()), "--rounds", String.valueOf(rounds), "--duration",
				time.toMillis() + "ms", "--warm-up", "0", "--event-loops", "1", "--json", report.toString()));
		return command;
	}

	/**
	 * Between two of its rounds a server has nothing to do, and takes no time.
	 */
	private List<List<Duration>> follow(List<String> command) throws IOException, InterruptedException {
		List<List<Duration>> times = new ArrayList<>();
		this.servers.forEach((server) -> times.add(new ArrayList<>(List.of(server.processorTime()))));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				Matcher done = DONE.matcher(line);
				if (done.matches()) {
					int port = Integer.parseInt(done.group(1));
					IntStream.range(0, this.servers.size())
						.filter((i) -> this.servers.get(i).port() == port)
						.forEach((i) -> times.get(i).add(this.servers.get(i).processorTime()));
				}
			}
			Assert.state(process.waitFor() != NOT_UNDERSTOOD, () -> "Not understood: " + String.join(" ", command));
			return times;
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static List<Round> rounds(Server server, JsonNode runs, List<Duration> times) {
		return StreamSupport.stream(runs.spliterator(), false)
			.filter((run) -> run.get("target").asString().equals(HOST + server.port()))
			.map((run) -> {
				int round = run.get("round").asInt();
				return Round.of(run, times.get(round).minus(times.get(round - 1)));
			})
			.toList();
	}

}
