package dev.echod.listener;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

import dev.echod.admission.AccessRules;
import dev.echod.connection.TcpOptions;
import dev.echod.framing.Framing;
import dev.echod.service.RelayProperties;
import dev.echod.service.Services;
import dev.echod.tls.ClientTls;
import dev.echod.tls.ServerTls;
import dev.echod.transport.ConnectionBuffers;
import dev.echod.transport.Frames;
import dev.echod.transport.Transport;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * A listener's properties, found to fit together.
 *
 * @param tls null when connections are not secured
 * @param upstreamTls null when those to a relay's upstream are not
 */
record ListenerSettings(String name, ListenerProperties properties, ConnectionBuffers buffers, Frames frames,
		AccessRules access, TcpOptions tcp, @Nullable ServerTls tls, @Nullable ClientTls upstreamTls) {

	private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

	private static final DataSize LARGEST_BUFFER = DataSize.ofMegabytes(64);

	private static final Set<Framing> MESSAGES = EnumSet.complementOf(EnumSet.of(Framing.STREAM, Framing.HTTP));

	/**
	 * Checks the properties.
	 * @param transport of the event loops
	 * @throws InvalidConfigurationPropertyValueException if they do not fit together; it
	 * names the property and what is allowed
	 */
	static ListenerSettings of(String name, ListenerProperties properties, Services services, SslBundles bundles,
			Transport transport) {
		String prefix = "echod.listeners." + name;
		if (!NAME.matcher(name).matches()) {
			throw invalid(prefix, name,
					"A listener's name takes lower-case letters, digits and '-', and starts with a letter.");
		}
		checkService(prefix, properties, services);
		checkHttp(prefix, properties);
		if (properties.proxyProtocol().isOn()) {
			checkProxyProtocol(prefix, properties);
		}
		if (properties.service().equals(Services.RELAY)) {
			checkRelay(prefix, properties);
		}
		if (properties.concurrency() == Concurrency.PROCESS) {
			checkProcess(prefix, properties);
		}
		RateSettings.of(prefix, properties, properties.limits());
		int read = bytes(prefix + ".read-buffer", properties.readBuffer(), ConnectionBuffers.MIN);
		int low = bytes(prefix + ".write-buffer-low", properties.writeBufferLow(), ConnectionBuffers.MIN);
		int high = bytes(prefix + ".write-buffer-high", properties.writeBufferHigh(), ConnectionBuffers.MIN);
		if (low > high) {
			throw invalid(prefix + ".write-buffer-low", properties.writeBufferLow(),
					"It must not be above %s.write-buffer-high, which is %d bytes.".formatted(prefix, high));
		}
		return new ListenerSettings(name, properties, new ConnectionBuffers(read, low, high),
				new Frames(properties.framing(), bytes(prefix + ".max-frame", properties.maxFrame(), 1)),
				access(prefix, properties.access()), TcpSettings.of(prefix, properties, transport),
				new TlsSettings(prefix, properties.tls(), bundles).toTls(properties.concurrency()),
				TlsSettings.upstream(prefix, properties.relay().tls().bundle(), bundles));
	}

	private static AccessRules access(String prefix, ListenerProperties.Access access) {
		try {
			return new AccessRules(access.allow(), access.deny());
		}
		catch (IllegalArgumentException ex) {
			throw invalid(prefix + ".access.deny", access.deny(), String.valueOf(ex.getMessage()));
		}
	}

	private static void checkService(String prefix, ListenerProperties properties, Services services) {
		if (!services.exists(properties.service())) {
			throw invalid(prefix + ".service", properties.service(),
					"It takes echo, discard, broadcast, http, relay, or the name of a bean of type "
							+ "GenericHandler<byte[]>.");
		}
		if (properties.service().equals(Services.BROADCAST) && properties.concurrency() != Concurrency.EVENT_LOOP) {
			throw invalid(prefix + ".service", properties.service(),
					"The broadcast service needs concurrency event-loop: elsewhere a client that does not read would "
							+ "hold up the others.");
		}
	}

	private static void checkHttp(String prefix, ListenerProperties properties) {
		boolean http = properties.service().equals(Services.HTTP);
		if (http != (properties.framing() == Framing.HTTP)) {
			throw invalid(prefix + ".framing", properties.framing(),
					"The http service and the http framing need each other.");
		}
		if (http && properties.concurrency() != Concurrency.EVENT_LOOP) {
			throw invalid(prefix + ".concurrency", properties.concurrency(),
					"The http service needs concurrency event-loop.");
		}
	}

	private static void checkProxyProtocol(String prefix, ListenerProperties properties) {
		if (properties.concurrency() == Concurrency.SELECTOR) {
			throw invalid(prefix + ".proxy-protocol.mode", properties.proxyProtocol().mode(),
					"With concurrency selector it is off: Spring's selector reads its connections itself.");
		}
		if (properties.proxyProtocol().trusted().isEmpty()) {
			throw invalid(prefix + ".proxy-protocol.trusted", "",
					"It needs the ranges of addresses that the proxies have; 0.0.0.0/0 is everyone, who may then "
							+ "say that he is anyone.");
		}
	}

	private static void checkRelay(String prefix, ListenerProperties properties) {
		RelayProperties relay = properties.relay();
		if (relay.host().isEmpty() || relay.port() == 0) {
			throw invalid(prefix + ".relay", relay.host() + ":" + relay.port(),
					"The relay service needs %s.relay.host and %s.relay.port.".formatted(prefix, prefix));
		}
		if (!MESSAGES.contains(properties.framing())) {
			throw invalid(prefix + ".framing", properties.framing(),
					"The relay service needs a framing that tells where a reply ends: %s."
						.formatted(StringUtils.collectionToDelimitedString(MESSAGES, ", ")));
		}
		if (relay.port() == properties.port() && isThisMachine(relay.host(), properties.address())) {
			throw invalid(prefix + ".relay", relay.host() + ":" + relay.port(),
					"The relay would relay to itself; name another port or host.");
		}
	}

	/**
	 * Whether connections to the host come to who listens on the address.
	 */
	@SuppressWarnings("AddressSelection") // all addresses of the name are looked at
	private static boolean isThisMachine(String host, InetAddress listening) {
		try {
			for (InetAddress address : InetAddress.getAllByName(host)) {
				boolean local = address.isLoopbackAddress() || address.isAnyLocalAddress()
						|| NetworkInterface.getByInetAddress(address) != null;
				if (local && takes(listening, address)) {
					return true;
				}
			}
			return false;
		}
		catch (IOException ex) {
			// A host that is not known yet may be known later.
			return false;
		}
	}

	/**
	 * Whether who listens on the one is reached at the other: 0.0.0.0 is of IPv4 only.
	 */
	private static boolean takes(InetAddress listening, InetAddress address) {
		return listening.isAnyLocalAddress() ? listening instanceof Inet6Address || address instanceof Inet4Address
				: listening.equals(address);
	}

	private static void checkProcess(String prefix, ListenerProperties properties) {
		if (properties.framing() != Framing.STREAM) {
			throw invalid(prefix + ".framing", properties.framing(),
					"Concurrency process hands the bytes to %s.command as they come: it needs framing stream."
						.formatted(prefix));
		}
		if (!properties.service().equals(Services.ECHO)) {
			throw invalid(prefix + ".service", properties.service(),
					"With concurrency process the service is %s.command; leave it away.".formatted(prefix));
		}
		String program = properties.command().getFirst();
		if (!isExecutable(program)) {
			throw invalid(prefix + ".command", program, "There is no such program, or it may not be run.");
		}
	}

	private static boolean isExecutable(String program) {
		if (program.contains("/")) {
			return isExecutable(Path.of(program));
		}
		String path = System.getenv("PATH");
		return path != null && Arrays.stream(StringUtils.delimitedListToStringArray(path, ":"))
			.anyMatch((folder) -> isExecutable(Path.of(folder, program)));
	}

	private static boolean isExecutable(Path file) {
		return Files.isRegularFile(file) && Files.isExecutable(file);
	}

	private static int bytes(String property, DataSize size, int least) {
		if (size.toBytes() < least || size.compareTo(LARGEST_BUFFER) > 0) {
			throw invalid(property, size, "It must be from %d bytes to %s.".formatted(least, "64MB"));
		}
		return Math.toIntExact(size.toBytes());
	}

	private static InvalidConfigurationPropertyValueException invalid(String property, Object value, String reason) {
		return new InvalidConfigurationPropertyValueException(property, value, reason);
	}

}
