package dev.echod.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PROXY header of version 1: a line that ends with CR LF (section 2.1 of HAProxy's
 * proxy-protocol.txt).
 */
final class TextHeader {

	/**
	 * The longest line, with its end.
	 */
	static final int MAX_LENGTH = 107;

	private static final String NUMBER = "(0|[1-9]\\d{0,4})";

	private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

	private static final String IPV4 = "(%1$s(?:\\.%1$s){3})".formatted(OCTET);

	/**
	 * Its groups; what else makes it an address the JDK finds out. The last two may be
	 * written as IPv4, which systems do with those that stand for an IPv4 address.
	 */
	private static final String IPV6 = "((?:[0-9A-Fa-f]{0,4}:){2,8}(?:[0-9A-Fa-f]{0,4}|\\d{1,3}(?:\\.\\d{1,3}){3}))";

	private static final Pattern TCP = Pattern
		.compile("PROXY (?:TCP4 %2$s %2$s|TCP6 %3$s %3$s) %1$s %1$s\r\n".formatted(NUMBER, IPV4, IPV6));

	/**
	 * What follows is not looked at.
	 */
	private static final Pattern UNKNOWN = Pattern.compile("PROXY UNKNOWN(?: [^\r\n]*)?\r\n");

	private TextHeader() {
	}

	/**
	 * Whether these bytes, one more than the last time, are a whole line.
	 * @throws ProxyException if they cannot become one
	 */
	static boolean isComplete(byte[] bytes, int count) throws ProxyException {
		boolean lineFeed = bytes[count - 1] == '\n';
		if (lineFeed != (bytes[count - 2] == '\r')) {
			throw ProxyException.invalid("A PROXY header of version 1 has a line break that is not CR LF");
		}
		if (!lineFeed && count == MAX_LENGTH) {
			throw ProxyException.invalid("A PROXY header of version 1 is longer than " + MAX_LENGTH);
		}
		return lineFeed;
	}

	static ProxyHeader parse(byte[] bytes, int count) throws ProxyException {
		String line = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
		if (UNKNOWN.matcher(line).matches()) {
			return ProxyHeader.NO_CLIENT;
		}
		Matcher tcp = TCP.matcher(line);
		if (!tcp.matches()) {
			throw invalid();
		}
		boolean ipv4 = tcp.group(1) != null;
		InetAddress source = address(tcp.group(ipv4 ? 1 : 3));
		address(tcp.group(ipv4 ? 2 : 4));
		int sourcePort = port(tcp.group(5));
		port(tcp.group(6));
		return new ProxyHeader(new InetSocketAddress(source, sourcePort));
	}

	private static InetAddress address(String text) throws ProxyException {
		try {
			return InetAddress.ofLiteral(text);
		}
		catch (IllegalArgumentException ex) {
			throw invalid();
		}
	}

	private static int port(String text) throws ProxyException {
		int port = Integer.parseInt(text);
		if (port > 0xffff) {
			throw invalid();
		}
		return port;
	}

	private static ProxyException invalid() {
		return ProxyException.invalid("A PROXY header of version 1 is not as it has to be");
	}

}
