package dev.echod.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

/**
 * What belongs to the host names that clients ask for (RFC 6066, section 3): to a name
 * itself, or to all names one level below a domain, as {@code *.example.org}. A name
 * itself goes before a domain.
 *
 * @param <T> the type of what belongs to a name
 */
final class ServerNames<T> {

	private static final Pattern NAME = Pattern
		.compile("(\\*\\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");

	private final Map<String, T> byName = new HashMap<>();

	private final T others;

	/**
	 * Create the names.
	 * @param others what belongs to names that are not listed, and to clients that ask
	 * for none
	 */
	ServerNames(Map<String, T> byName, T others) {
		byName.forEach((name, value) -> this.byName.put(name.toLowerCase(Locale.ROOT), value));
		this.others = others;
	}

	/**
	 * Whether this is a host name, or a domain after {@code *.}.
	 */
	static boolean isName(String name) {
		return NAME.matcher(name.toLowerCase(Locale.ROOT)).matches();
	}

	/**
	 * What belongs to a name; null is for who asks for none.
	 */
	T find(@Nullable String name) {
		if (name == null) {
			return this.others;
		}
		String lower = name.toLowerCase(Locale.ROOT);
		T found = this.byName.get(lower);
		if (found == null) {
			int dot = lower.indexOf('.');
			found = (dot > 0) ? this.byName.get("*" + lower.substring(dot)) : null;
		}
		return (found != null) ? found : this.others;
	}

	/**
	 * The host name that was asked for in a handshake, or when a session began; null when
	 * none was.
	 */
	static @Nullable String requestedIn(@Nullable SSLSession session) {
		List<SNIServerName> requested = (session instanceof ExtendedSSLSession extended)
				? extended.getRequestedServerNames() : List.of();
		for (SNIServerName name : requested) {
			if (name instanceof SNIHostName host) {
				return host.getAsciiName();
			}
		}
		return null;
	}

}
