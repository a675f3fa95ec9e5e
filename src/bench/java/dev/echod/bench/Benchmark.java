package dev.echod.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/**
 * Measures ways to serve echo side by side: all are started, and loaded in turn, round
 * after round, so that what else the machine does meets all alike.
 * <p>
 * Of the system's properties it takes {@code echod.jar} and {@code echod.jvm-flags},
 * {@code bench.rounds} and {@code bench.seconds}, which are how often and how long each
 * is loaded with each workload, and {@code bench.folder}, where the reports come.
 */
final class Benchmark implements AutoCloseable {

	private final List<Contender> contenders = new ArrayList<>();

	private final List<Server> servers = new CopyOnWriteArrayList<>();

	private final int rounds;

	private final Duration time;

	/**
	 * Create one with no servers yet.
	 * @param rounds of each in each workload
	 * @param time of a round
	 */
	Benchmark(int rounds, Duration time) {
		this.rounds = rounds;
		this.time = time;
	}

	static void main(String[] arguments) throws Exception {
		Path folder = Path.of(System.getProperty("bench.folder"));
		Map<String, String> machine = Machine.facts();
		Benchmark benchmark = new Benchmark(Integer.getInteger("bench.rounds"),
				Duration.ofSeconds(Integer.getInteger("bench.seconds")));
		// Whoever ends it ends the servers.
		Runtime.getRuntime().addShutdownHook(new Thread(benchmark::close));
		benchmark.start(Contender.all(folder));
		Report report = benchmark.run(Workload.ALL, machine);
		Files.writeString(folder.resolve("report.json"), report.toJson());
		Files.writeString(folder.resolve("report.html"), new Page(report).toHtml());
		System.out.println("Reports: " + folder.resolve("report.html") + " and .json");
	}

	/**
	 * Starts them, one after the other.
	 */
	void start(List<Contender> all) {
		for (Contender contender : all) {
			this.servers.add(contender.start().get());
			this.contenders.add(contender);
		}
	}

	/**
	 * Measures all with each workload.
	 */
	Report run(List<Workload> workloads, Map<String, String> machine) throws IOException, InterruptedException {
		Instant begin = Instant.now();
		for (Workload workload : workloads.stream().filter((each) -> each.depth() == 1).toList()) {
			new LoadClient(those(workload, this.servers)).warmUp(workload, this.time.multipliedBy(2));
		}
		List<Report.Part> parts = new ArrayList<>();
		for (Workload workload : workloads) {
			parts.add(measure(workload));
		}
		return new Report(begin, machine, this.rounds, this.time.toSeconds(), parts);
	}

	private Report.Part measure(Workload workload) throws IOException, InterruptedException {
		List<Server> measured = those(workload, this.servers);
		List<List<Round>> all = new LoadClient(measured).load(workload, this.rounds, this.time);
		Report.Part part = Report.Part.of(workload,
				those(workload, this.contenders.stream().map(Contender::name).toList()), all,
				measured.stream().map(Server::residentMemory).toList());
		tell(part);
		return part;
	}

	private <T> List<T> those(Workload workload, List<T> of) {
		return IntStream.range(0, this.contenders.size())
			.filter((i) -> workload.connections() <= this.contenders.get(i).mostClients())
			.mapToObj(of::get)
			.toList();
	}

	private static void tell(Report.Part part) {
		System.out.println(part.workload());
		for (Report.Line line : part.lines()) {
			System.out
				.println((line.messagesPerSecond() != null)
						? String.format(Locale.ROOT, "  %-34s%,12.0f messages/s", line.server(),
								line.messagesPerSecond().median())
						: "  %-34s%s".formatted(line.server(), line.failure()));
		}
	}

	/**
	 * Ends the servers.
	 */
	@Override
	public void close() {
		this.servers.forEach(Server::close);
	}

}
