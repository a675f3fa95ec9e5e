package dev.echod.hostile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The listeners that are attacked, with the smallest message that each of them takes.
 */
enum Target {

	STREAM("x"),

	LF("\n", "framing=lf"),

	CRLF("\r\n", "framing=crlf"),

	LENGTH_1("\0", "framing=length-1"),

	LENGTH_2("\0\0", "framing=length-2"),

	LENGTH_4("\0\0\0\0", "framing=length-4"),

	STX_ETX("\2\3", "framing=stx-etx"),

	HTTP("GET / HTTP/1.1\r\nHost:a\r\n\r\n", "framing=http", "service=http"),

	ROOM("\n", "framing=lf", "service=broadcast"),

	RELAY("\n", "framing=lf", "service=relay", "relay.host=127.0.0.1"),

	DISCARD("x", "service=discard"),

	/**
	 * No attacker gets as far as to speak TLS.
	 */
	TLS("x", "tls.bundle=attacked", "limits.handshake=2s"),

	TLS_THREAD("x", "concurrency=thread", "tls.bundle=attacked", "limits.handshake=2s"),

	PROXY("x", "proxy-protocol.mode=required", "proxy-protocol.trusted=127.0.0.0/8", "limits.handshake=2s"),

	PROXY_THREAD("x", "concurrency=thread", "proxy-protocol.mode=required", "proxy-protocol.trusted=127.0.0.0/8",
			"limits.handshake=2s"),

	/**
	 * Who is idle for long is closed.
	 */
	IMPATIENT("\n", "framing=lf", "limits.idle=2s"),

	THREAD("x", "concurrency=thread"),

	THREAD_LF("\n", "concurrency=thread", "framing=lf"),

	THREAD_LENGTH_4("\0\0\0\0", "concurrency=thread", "framing=length-4"),

	PLATFORM_THREAD("x", "concurrency=thread", "threads=platform"),

	SERIAL("x", "concurrency=serial"),

	SERIAL_LF("\n", "concurrency=serial", "framing=lf"),

	SELECTOR("x", "concurrency=selector"),

	SELECTOR_LF("\n", "concurrency=selector", "framing=lf"),

	CAT("x", "concurrency=process", "command=cat"),

	/**
	 * Does not notice that its input has ended.
	 */
	DEAF("x", "concurrency=process", "command=sleep,1000");

	private final String smallest;

	@SuppressWarnings("ImmutableEnumChecker") // an immutable list
	private final List<String> properties;

	Target(String smallest, String... properties) {
		this.smallest = smallest;
		this.properties = List.of(properties);
	}

	/**
	 * The listener's name.
	 */
	String listener() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * The command line's arguments that make the listener.
	 */
	Stream<String> arguments() {
		return Stream.of(this.properties.stream(), Stream.of("port=0", "address=127.0.0.1", "limits.write-stall=2s"))
			.flatMap((each) -> each)
			.map((property) -> "--echod.listeners.%s.%s".formatted(listener(), property));
	}

	/**
	 * The same for each run.
	 */
	int seed() {
		return listener().hashCode();
	}

	boolean has(String property) {
		return this.properties.contains(property);
	}

	boolean isServedByEventLoops() {
		return this.properties.stream().noneMatch((property) -> property.startsWith("concurrency="));
	}

	/**
	 * Whether a process is started for each connection.
	 */
	boolean isProcess() {
		return has("concurrency=process");
	}

	/**
	 * Whether something is to come before the first message, which no attacker sends.
	 */
	boolean awaitsMore() {
		return this.properties.stream()
			.anyMatch((property) -> property.startsWith("tls.") || property.startsWith("proxy-protocol."));
	}

	boolean isFramed() {
		return this.properties.stream().anyMatch((property) -> property.startsWith("framing="));
	}

	/**
	 * Smallest messages, about so many bytes of them.
	 */
	byte[] smallest(int length) {
		return bytes(this.smallest.repeat(Math.max(1, length / this.smallest.length())));
	}

	/**
	 * The beginning of a long message.
	 */
	byte[] beginning() {
		String before = switch (this) {
			case LENGTH_1 -> "\u00ff";
			case LENGTH_2 -> "\u00ff\u00ff";
			case LENGTH_4, THREAD_LENGTH_4 -> "\0\17\u00ff\u00ff";
			case STX_ETX -> "\2";
			case HTTP -> "GET / HTTP/1.1\r\na:";
			default -> "";
		};
		return bytes(before + "x");
	}

	static Stream<Target> servedByEventLoops() {
		return Arrays.stream(values()).filter(Target::isServedByEventLoops);
	}

	static Stream<Target> servedByThreadsOrProcesses() {
		return Arrays.stream(values()).filter((target) -> !target.isServedByEventLoops());
	}

	static Stream<Target> framed() {
		return Arrays.stream(values()).filter(Target::isFramed);
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

}
