package dev.echod.client.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.echod.client.load.LoadPlan.Amount;
import dev.echod.framing.Framing;
import dev.echod.transport.Transport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import org.springframework.util.Assert;

/**
 * The options of what a load is. Each that is wrong is told of with what it takes; they
 * are described by the command's own help, which fits a screen.
 */
final class LoadOptions {

	private static final int MAX_CONNECTIONS = 1_000_000;

	private static final int MAX_DEPTH = 65_536;

	private static final int MAX_RATE = 100_000_000;

	private static final int MAX_ROUNDS = 1000;

	private static final Duration DEFAULT_DURATION = Duration.ofSeconds(10);

	private static final Duration SHORTEST = Duration.ofMillis(1);

	private static final Duration SHORTEST_LIFE = Duration.ofMillis(100);

	private static final Duration LONGEST_TIMEOUT = Duration.ofDays(24);

	@Option(names = "--connections", defaultValue = "1")
	private String connections = "";

	@Option(names = "--idle", defaultValue = "0")
	private String idle = "";

	@Option(names = "--size")
	private @Nullable String size;

	@Option(names = "--payload-file")
	private @Nullable Path payloadFile;

	@Option(names = "--depth", defaultValue = "1")
	private String depth = "";

	@Option(names = "--rate", defaultValue = "0")
	private String rate = "";

	@Option(names = "--arrival", defaultValue = "uniform")
	private String arrival = "";

	@Option(names = "--framing", defaultValue = "stream")
	private String framing = "";

	@Option(names = "--half-close")
	private boolean halfClose;

	@Option(names = "--duration")
	private @Nullable Duration duration;

	@Option(names = "--messages")
	private @Nullable String messages;

	@Option(names = "--bytes")
	private @Nullable String bytes;

	@Option(names = "--rounds", defaultValue = "1")
	private String rounds = "";

	@Option(names = "--warm-up", defaultValue = "1s")
	private Duration warmUp = Duration.ZERO;

	@Option(names = "--ramp-up", defaultValue = "0s")
	private Duration rampUp = Duration.ZERO;

	@Option(names = "--connect-rate", defaultValue = "0")
	private String connectRate = "";

	@Option(names = "--lifetime", defaultValue = "0s")
	private Duration lifetime = Duration.ZERO;

	@Option(names = "--verify", defaultValue = "all")
	private String verify = "";

	@Option(names = "--seed", defaultValue = "1")
	private String seed = "";

	@Option(names = "--timeout", defaultValue = "5s")
	private Duration timeout = Duration.ZERO;

	@Option(names = "--reconnect")
	private boolean reconnect;

	@Option(names = "--event-loops", defaultValue = "0")
	private String eventLoops = "";

	@Option(names = "--transport", defaultValue = "auto")
	private String transport = "";

	@Mixin
	private final ConnectOptions connect = new ConnectOptions();

	/**
	 * The plan that the options make.
	 * @throws IllegalArgumentException if one is wrong; it says which, and what it takes
	 */
	LoadPlan plan() {
		int many = (int) OptionValues.number("--connections", this.connections, 0, MAX_CONNECTIONS);
		int more = (int) OptionValues.number("--idle", this.idle, 0, MAX_CONNECTIONS);
		double made = OptionValues.number("--connect-rate", this.connectRate, 0, MAX_RATE);
		Amount amount = amount();
		Assert.isTrue(this.rampUp.isZero() || made == 0, "--ramp-up and --connect-rate exclude each other");
		Assert.isTrue(many > 0 || (more > 0 && amount.isTimed()),
				"--connections takes 0 only with --idle, and for a --duration");
		return new LoadPlan(many, more, content(), (int) OptionValues.number("--depth", this.depth, 1, MAX_DEPTH),
				OptionValues.number("--rate", this.rate, 0, MAX_RATE),
				OptionValues.oneOf("--arrival", this.arrival, Arrival.values()), amount,
				OptionValues.time("--warm-up", this.warmUp), OptionValues.time("--ramp-up", this.rampUp), made,
				lifetime(), this.halfClose, OptionValues.oneOf("--verify", this.verify, Verify.values()),
				OptionValues.number("--seed", this.seed, 0, Long.MAX_VALUE), timeout(), this.reconnect,
				this.connect.link(), (int) OptionValues.number("--event-loops", this.eventLoops, 0, 1024),
				OptionValues.oneOf("--transport", this.transport, Transport.values()));
	}

	/**
	 * Whether connections send small writes at once: one run for each.
	 */
	List<Boolean> noDelays() {
		return this.connect.noDelays();
	}

	/**
	 * How often each target is loaded.
	 */
	int rounds() {
		return (int) OptionValues.number("--rounds", this.rounds, 1, MAX_ROUNDS);
	}

	private Messages content() {
		Framing framed = OptionValues.oneOf("--framing", this.framing,
				Arrays.stream(Framing.values()).filter((each) -> each != Framing.HTTP));
		if (this.payloadFile != null) {
			Assert.isTrue(this.size == null, "--size and --payload-file exclude each other");
			return content(this.payloadFile, framed);
		}
		String sizes = (this.size != null) ? this.size : "64";
		try {
			return Messages.ofSizes(Sizes.of(sizes), framed);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw new IllegalArgumentException(
					"--size takes bytes or a range of them, such as 64, 16KB or 1-1400, up to 16MB%s, not '%s'"
						.formatted((framed != Framing.STREAM) ? " and what a frame holds" : "", sizes),
					ex);
		}
	}

	private static Messages content(Path file, Framing framed) {
		// A device or a pipe has no size, and may have no end.
		try (InputStream input = Files.newInputStream(file)) {
			return Messages.of(input.readNBytes(Sizes.MAX + 1), framed);
		}
		catch (IOException | IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"--payload-file takes a file of up to 16MB that is one message of framing %s, not '%s'"
						.formatted(framed, file),
					ex);
		}
	}

	private Amount amount() {
		Assert.isTrue(Stream.of(this.duration, this.messages, this.bytes).filter(Objects::nonNull).count() <= 1,
				"--duration, --messages and --bytes exclude each other");
		if (this.messages != null) {
			return Amount.ofMessages(OptionValues.number("--messages", this.messages, 1, Long.MAX_VALUE / 4));
		}
		if (this.bytes != null) {
			return Amount.ofBytes(OptionValues.bytes("--bytes", this.bytes));
		}
		Duration time = (this.duration != null) ? this.duration : DEFAULT_DURATION;
		Assert.isTrue(time.compareTo(SHORTEST) >= 0, () -> "--duration takes a time from 1ms, not " + time);
		return Amount.of(OptionValues.time("--duration", time));
	}

	private Duration lifetime() {
		Assert.isTrue(this.lifetime.isZero() || this.lifetime.compareTo(SHORTEST_LIFE) >= 0,
				() -> "--lifetime takes 0 or a time from 100ms, not " + this.lifetime);
		return OptionValues.time("--lifetime", this.lifetime);
	}

	private Duration timeout() {
		Assert.isTrue(this.timeout.compareTo(SHORTEST) >= 0 && this.timeout.compareTo(LONGEST_TIMEOUT) <= 0,
				() -> "--timeout takes a time from 1ms to 24 days, not " + this.timeout);
		return this.timeout;
	}

}
