package dev.echod.client.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;

import dev.echod.client.TlsOptions;
import dev.echod.proxy.ProxyVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import org.springframework.util.Assert;

/**
 * The options of how connections are made.
 */
final class ConnectOptions {

	@Mixin
	private final TlsOptions tls = new TlsOptions();

	@Option(names = "--proxy-protocol")
	private @Nullable String proxyProtocol;

	@Option(names = "--source", split = ",")
	private List<String> sources = List.of();

	@Option(names = "--no-delay", defaultValue = "on")
	private String noDelay = "";

	/**
	 * What the options say.
	 * @throws IllegalArgumentException if one is wrong; it says which, and what it takes
	 */
	Link link() {
		ProxyVersion version = (this.proxyProtocol != null)
				? OptionValues.oneOf("--proxy-protocol", this.proxyProtocol, ProxyVersion.values()) : null;
		return new Link(this.tls.toTls(), version, this.sources.stream().map(ConnectOptions::source).toList());
	}

	/**
	 * Only the system knows which addresses it lets be used.
	 */
	private static InetAddress source(String text) {
		try {
			// Of an empty name Java makes this machine.
			Assert.hasText(text, "it is no address");
			try (ServerSocket bound = new ServerSocket(0, 1, InetAddress.getByName(text))) {
				return bound.getInetAddress();
			}
		}
		catch (IOException | IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"--source takes addresses of this machine, with commas between them, not '%s'".formatted(text), ex);
		}
	}

	/**
	 * Whether connections send small writes at once: one run for each.
	 */
	List<Boolean> noDelays() {
		return switch (OptionValues.oneOf("--no-delay", this.noDelay, Stream.of("on", "off", "both"))) {
			case "on" -> List.of(true);
			case "off" -> List.of(false);
			default -> List.of(true, false);
		};
	}

}
