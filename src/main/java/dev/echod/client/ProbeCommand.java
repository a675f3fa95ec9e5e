package dev.echod.client;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;

import dev.echod.framing.Framing;
import dev.echod.transport.EventLoops;
import dev.echod.transport.Transport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/**
 * {@code probe HOST:PORT}: one line, and exit code 0 when every message came back.
 */
@Command(name = "probe", mixinStandardHelpOptions = true, exitCodeOnInvalidInput = 1,
		description = "Sends messages to a TCP echo service and checks that each comes back.")
public class ProbeCommand implements Callable<Integer> {

	private static final Duration FOREVER = Duration.ofDays(365);

	@Parameters(index = "0", paramLabel = "HOST:PORT", description = "Whom to probe; [ADDRESS]:PORT for IPv6.")
	private String target = "";

	@Option(names = "--payload", paramLabel = "TEXT", defaultValue = "ping",
			description = "Text of a message, up to 1 MiB (default: ${DEFAULT-VALUE}).")
	private String payload = "";

	@Option(names = "--count", paramLabel = "N", defaultValue = "1",
			description = "How many messages to send, one after the other; 0 only connects (default: ${DEFAULT-VALUE}).")
	private int count;

	@Option(names = "--timeout", paramLabel = "TIME", defaultValue = "5s",
			description = "How long to wait for the connection and for each reply, such as 500ms (default: ${DEFAULT-VALUE}).")
	private Duration timeout = ProbeRequest.DEFAULT_TIMEOUT;

	@Option(names = "--framing", paramLabel = "FRAMING", defaultValue = "stream",
			description = "How messages are framed: stream, lf, crlf, length-1, length-2, length-4 or stx-etx (default: ${DEFAULT-VALUE}).")
	private String framing = "";

	@Mixin
	private final TlsOptions tls = new TlsOptions();

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		ProbeRequest request = request();
		try (EventLoops eventLoops = EventLoops.start(Transport.AUTO, 1)) {
			ProbeResult result = new Probe(eventLoops, new DefaultListableBeanFactory()).send(request, FOREVER);
			if (result.roundTrips().isEmpty()) {
				out().printf("%s accepted a connection%n", this.target);
			}
			else {
				out().printf("%s echoed %d x %d bytes, round trip min %s, median %s, max %s%n", this.target,
						result.roundTrips().size(), result.bytes(), millis(result.min()), millis(result.median()),
						millis(result.max()));
			}
			return 0;
		}
		catch (ProbeFailedException ex) {
			this.spec.commandLine().getErr().printf("%s failed: %s%n", this.target, ex.getMessage());
			return 1;
		}
	}

	private ProbeRequest request() {
		try {
			Target to = Target.of(this.target);
			return new ProbeRequest(to.host(), to.port(), this.payload, this.count, this.timeout,
					Framing.of(this.framing), this.tls.toTls());
		}
		catch (IllegalArgumentException ex) {
			throw usageError(String.valueOf(ex.getMessage()));
		}
	}

	private ParameterException usageError(String message) {
		return new ParameterException(this.spec.commandLine(), message);
	}

	private PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

	private static String millis(Duration duration) {
		return "%.3f ms".formatted(duration.toNanos() / 1e6);
	}

}
