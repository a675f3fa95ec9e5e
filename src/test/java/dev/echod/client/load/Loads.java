package dev.echod.client.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

import dev.echod.client.Target;
import dev.echod.connection.Times;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/**
 * Runs loads as the command line plans them.
 */
final class Loads {

	@Mixin
	private final LoadOptions options = new LoadOptions();

	private Loads() {
	}

	static LoadPlan plan(String options) {
		Loads loads = new Loads();
		new CommandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(loads))
			.registerConverter(Duration.class, Times::parse)
			.parseArgs(options.split(" "));
		return loads.options.plan();
	}

	/**
	 * The first run against a server of this machine.
	 */
	static Trial trial(int port) {
		return new Trial(new Target("localhost", port), new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
				true, 1);
	}

	/**
	 * Runs a load, on one event loop and without a warm-up if the options do not say
	 * otherwise.
	 */
	static LoadResult run(int port, String options) throws InterruptedException {
		String all = "--event-loops 1 " + (options.contains("--warm-up") ? "" : "--warm-up 0 ") + options;
		return new LoadRun(plan(all), trial(port), (interval) -> {
		}).run();
	}

}
