package dev.echod.client.load;

import java.io.Console;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

import dev.echod.client.Target;
import dev.echod.transport.TransportUnavailableException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import org.springframework.util.Assert;

/**
 * {@code load HOST:PORT}: loads services, and reports how fast they were and whether all
 * came back.
 */
@Command(name = "load", mixinStandardHelpOptions = true, exitCodeOnInvalidInput = LoadExitCode.USAGE_CODE,
		usageHelpWidth = 100, customSynopsis = "echod load [OPTION]... HOST:PORT...",
		description = { "Loads TCP echo services and checks every byte that comes back.%n",
				"Messages     --size N or A-B (64) or --payload-file FILE; --depth N (1) in flight on a connection;",
				"             --framing stream|lf|crlf|length-1|length-2|length-4|stx-etx; --rate N a second over",
				"             all (else each waits for its replies); --arrival uniform|poisson;",
				"             --half-close: our FIN after the last message",
				"How long     --duration TIME (10s), --messages N or --bytes SIZE, over all; --warm-up TIME (1s)",
				"             before it; --rounds N (1), each of several targets in turn",
				"Connections  --connections N (1) and --idle N that only stay; --ramp-up TIME or --connect-rate N",
				"             a second; --lifetime TIME, then another takes its place; --source ADDRESS,...;",
				"             --no-delay on|off|both; --proxy-protocol v1|v2 with the connection's own ends",
				"TLS          --tls, --tls-ca FILE (else whom Java trusts), --tls-cert FILE and --tls-key FILE",
				"             of its own, --sni NAME to ask for and to be shown a certificate of",
				"Checks       --verify all|sample|none; --timeout TIME (5s) for a connection, reply or FIN;",
				"             --reconnect also after a failure (after a FIN while nothing was owed in any case);",
				"             --expect 'p99<5ms' (also p50, p90, p99.9, max, mean, errors, rate: the share of",
				"             --rate that was held, throughput: messages a second)",
				"Client       --event-loops N (0: one for each processor), --seed N (1),",
				"             --transport auto|io-uring|epoll|kqueue|nio",
				"Output       --html FILE, --json FILE, --json-schema (of it), --hdr FILE (HdrHistogram's log);",
				"             --compare FILE that --json wrote: ratios to that load",
				"             -h, --help and -V, --version; all this for a shell: echod generate-completion%n" },
		footer = { "Exit code 0: all came back; 2: wrong usage; 3: the client was too slow; 4: the target failed;",
				"5: not as expected. Ctrl-C ends it with a report.",
				"Example: echod load 127.0.0.1:8080 --connections 50 --rate 10000 --duration 30s" })
public class LoadCommand implements Callable<Integer> {

	@Parameters(arity = "1..*", paramLabel = "HOST:PORT", hidden = true)
	private List<String> targets = List.of();

	@Mixin
	private final LoadOptions options = new LoadOptions();

	@Mixin
	private final OutputOptions output = new OutputOptions();

	@SuppressWarnings("NullAway.Init") // set before it is called
	private CommandSpec spec;

	/**
	 * The description is the list of options.
	 */
	@Spec
	void setSpec(CommandSpec spec) {
		this.spec = spec;
		List<String> sections = new ArrayList<>(spec.usageMessage().sectionKeys());
		sections.remove(UsageMessageSpec.SECTION_KEY_OPTION_LIST);
		spec.usageMessage().sectionKeys(sections);
	}

	@Override
	public Integer call() throws InterruptedException {
		if (this.output.isSchemaAsked()) {
			out().print(JsonReport.schema());
			out().flush();
			return LoadExitCode.OK.code();
		}
		try {
			LoadPlan plan = this.options.plan();
			OpenFiles.check(plan.allConnections(), plan.loops());
			Memory.check(plan);
			List<Trial> trials = trials(plan);
			List<Expectation> expectations = this.output.expectations();
			JsonReport earlier = this.output.earlier();
			try (StopHook hook = new StopHook(plan.longestEnd()); Outputs outputs = this.output.outputs()) {
				List<LoadResult> results = run(plan, trials, expectations, outputs, hook);
				compare(outputs.end(plan), earlier);
				return LoadExitCode.of(results, expectations).code();
			}
		}
		catch (IllegalArgumentException | TransportUnavailableException ex) {
			throw new ParameterException(this.spec.commandLine(), String.valueOf(ex.getMessage()));
		}
		catch (UnknownHostException ex) {
			return failed(Objects.requireNonNull(ex.getMessage()), "the host is unknown");
		}
	}

	private List<Trial> trials(LoadPlan plan) throws UnknownHostException {
		List<Target> all = this.targets.stream().map(Target::of).toList();
		List<Boolean> noDelays = this.options.noDelays();
		List<Trial> trials = new ArrayList<>();
		for (int round = 1; round <= this.options.rounds(); round++) {
			for (Target target : all) {
				for (boolean noDelay : noDelays) {
					trials.add(new Trial(target, address(target, plan.link()), noDelay, round));
				}
			}
		}
		return trials;
	}

	private static InetSocketAddress address(Target target, Link link) throws UnknownHostException {
		InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
		if (address.isUnresolved()) {
			throw new UnknownHostException(target.toString());
		}
		Assert.isTrue(link.reaches(address.getAddress()),
				() -> "--source takes addresses of the family of %s's, all IPv4 or all IPv6".formatted(target));
		return address;
	}

	private List<LoadResult> run(LoadPlan plan, List<Trial> trials, List<Expectation> expectations, Outputs outputs,
			StopHook hook) throws InterruptedException {
		List<LoadResult> results = new ArrayList<>();
		for (Trial trial : trials) {
			Progress progress = new Progress(out(), isTerminal(), plan);
			LoadRun run = new LoadRun(plan, trial, new LoadRun.Observer() {

				@Override
				public void connecting(int made) {
					progress.show(made);
				}

				@Override
				public void measured(LoadRun.Interval interval) {
					progress.show(interval);
					outputs.add(interval);
				}

			});
			if (hook.set(run)) {
				outputs.begin(trial);
				results.add(run.run());
				progress.end();
				tell(results.getLast(), expectations);
				outputs.ended(results.getLast(), expectations);
			}
		}
		return results;
	}

	private void compare(JsonReport report, @Nullable JsonReport earlier) {
		Ratios.among(report.runs()).forEach(out()::println);
		if (earlier != null) {
			Ratios.with(earlier, report).forEach(out()::println);
		}
	}

	private void tell(LoadResult result, List<Expectation> expectations) {
		if (result.isConnected()) {
			new Summary(out()).print(result, expectations);
		}
		else {
			failed(result.trial().target().toString(), result.failures().getFirst().what());
		}
	}

	private int failed(String target, String why) {
		this.spec.commandLine().getErr().printf("%s failed: %s%n", target, why);
		return LoadExitCode.TARGET_FAILED.code();
	}

	private static boolean isTerminal() {
		return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
	}

	private PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

}
