package dev.echod.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.echod.testing.Needs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The benchmark measures what is there.
 */
@Tag("long")
class BenchmarkIT {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void serversAreMeasuredSideBySide(@TempDir Path folder) throws Exception {
		Needs.program(Machine.COMPILER);
		List<Contender> contenders = Contender.all(folder)
			.stream()
			.filter((each) -> each.name().equals("C, epoll, one thread") || each.mostClients() == 1)
			.toList();
		try (Benchmark benchmark = new Benchmark(1, SECOND)) {
			benchmark.start(contenders);
			Report report = benchmark.run(List.of(new Workload(5, "64B", 1), new Workload(1, "64KB", 8)),
					Machine.facts());
			assertThat(report.parts().getFirst().lines()).extracting(Report.Line::server)
				.containsExactly("C, epoll, one thread");
			assertThat(report.parts().getLast().lines()).hasSize(2).allSatisfy((line) -> {
				assertThat(line.failure()).isNull();
				assertThat(line.messagesPerSecond()).isNotNull()
					.satisfies((rate) -> assertThat(rate.least()).isPositive());
				assertThat(line.processorTime()).isNotNull().satisfies((time) -> assertThat(time.least()).isPositive());
				assertThat(line.residentMemory()).isPositive();
			});
			JsonNode json = new JsonMapper().readTree(report.toJson());
			assertThat(json.at("/parts/1/lines/1/server").asString()).isEqualTo("echod, serial");
			assertThat(json.at("/parts/1/lines/0/ratio/median").asDouble()).isEqualTo(1);
			assertThat(json.at("/machine/JVM flags").asString()).isEqualTo(System.getProperty("echod.jvm-flags"));
			assertThat(new Page(report).toHtml()).contains("echod, serial", "1 × 64 KB, 8 in flight");
		}
	}

	@Test
	void hundredThousandRefusesToStartWhereTooFewFilesMayBeOpen() throws Exception {
		Needs.program("curl");
		ProcessBuilder bash = new ProcessBuilder("bash", "-c", "ulimit -n 1000; exec src/bench/hundred-thousand")
			.redirectErrorStream(true);
		bash.environment().put("ECHOD_JAR", System.getProperty("echod.jar"));
		bash.environment().put("JAVA_HOME", System.getProperty("java.home"));
		Process refusing = bash.start();
		assertThat(refusing.inputReader().readAllLines())
			.containsExactly("hundred-thousand: a process may have 1000 files open: that is too few, raise ulimit -n");
		assertThat(refusing.waitFor()).isEqualTo(2);
	}

	@Test
	void whoFailsIsToldOf() {
		Round failed = new Round("no reply for 5 s", 0, 0, 0, 0, 0);
		Round valid = new Round(null, 10, 640, 1, 2, 3);
		Report.Part part = Report.Part.of(new Workload(5, "64B", 1), List.of("one", "other"),
				List.of(List.of(failed, valid), List.of(valid, valid)), List.of(1L, 1L));
		assertThat(part.lines().getFirst().failure()).isEqualTo("no reply for 5 s");
		assertThat(part.lines().getLast().failure()).isNull();
		Spread ratio = part.lines().getLast().ratio();
		assertThat(ratio).isEqualTo(new Spread(1, 1, 1));
	}

}
