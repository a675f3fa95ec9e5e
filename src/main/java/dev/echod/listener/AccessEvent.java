package dev.echod.listener;

import java.util.Locale;

import dev.echod.connection.Addresses;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.Endpoints;
import dev.echod.connection.OpenConnection;
import dev.echod.connection.TcpFigures;
import dev.echod.connection.Times;
import dev.echod.connection.TlsDetails;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One event of the access log: a line to be read, with all that is known as key-value
 * pairs for structured logs. Their names begin with {@code echod.}, as those of ECS
 * (service, process) are taken.
 */
final class AccessEvent {

	private static final Logger logger = LoggerFactory.getLogger("dev.echod.access");

	private AccessEvent() {
	}

	static void opened(OpenConnection connection, @Nullable Listener listener) {
		begin("opened", connection.id(), connection.listener(), connection.endpoints(), listener)
			.addKeyValue("echod.openedAt", connection.openedAt())
			.log("{} opened: {}", connection.id(), text(connection.endpoints()));
	}

	static void closed(ClosedConnection connection, @Nullable Listener listener) {
		TcpFigures tcp = connection.tcp();
		double seconds = Times.seconds(connection.duration());
		LoggingEventBuilder event = begin("closed", connection.id(), connection.listener(), connection.endpoints(),
				listener)
			.addKeyValue("echod.openedAt", connection.openedAt())
			.addKeyValue("echod.durationSeconds", seconds)
			.addKeyValue("echod.bytesReceived", connection.bytesReceived())
			.addKeyValue("echod.bytesSent", connection.bytesSent())
			.addKeyValue("echod.messages", connection.messages())
			.addKeyValue("echod.reason", connection.reason())
			.addKeyValue("echod.firstSignal", connection.firstSignal());
		if (connection.note() != null) {
			event = event.addKeyValue("echod.note", clean(connection.note()));
		}
		if (tcp != null) {
			event = event.addKeyValue("echod.roundTripSeconds", tcp.roundTripMicros() / 1e6)
				.addKeyValue("echod.retransmissions", tcp.retransmissions());
		}
		event.log("{} closed: {}, {} ({} first) after {} s, {} bytes received, {} sent, {} messages{}{}",
				connection.id(), text(connection.endpoints()), connection.reason(), connection.firstSignal(),
				String.format(Locale.ROOT, "%.3f", seconds), connection.bytesReceived(), connection.bytesSent(),
				connection.messages(), text(tcp), text(connection.note()));
	}

	private static String text(Endpoints ends) {
		return "%s%s to %s%s".formatted(Addresses.text(ends.client()),
				(ends.proxied() != null) ? " by " + Addresses.text(ends.peer()) : "", Addresses.text(ends.local()),
				(ends.tls() != null) ? ", " + clean(ends.tls().toString()) : "");
	}

	private static String text(@Nullable TcpFigures tcp) {
		return (tcp != null) ? String.format(Locale.ROOT, ", round trip %.3f ms, %d retransmissions",
				tcp.roundTripMicros() / 1e3, tcp.retransmissions()) : "";
	}

	private static String text(@Nullable String note) {
		return (note != null) ? ", because: " + clean(note) : "";
	}

	private static LoggingEventBuilder withTls(LoggingEventBuilder event, TlsDetails tls) {
		LoggingEventBuilder encrypted = event.addKeyValue("echod.tlsVersion", tls.version())
			.addKeyValue("echod.tlsCipherSuite", tls.cipherSuite())
			.addKeyValue("echod.tlsResumed", tls.resumed());
		if (tls.serverName() != null) {
			encrypted = encrypted.addKeyValue("echod.tlsServerName", clean(tls.serverName()));
		}
		return (tls.clientSubject() != null)
				? encrypted.addKeyValue("echod.tlsClientSubject", clean(tls.clientSubject())) : encrypted;
	}

	/**
	 * One event is one line, whatever an operator or a client put into it; nor does a
	 * field of it break or turn around the line of whoever shows it.
	 */
	private static String clean(String note) {
		return note.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
	}

	private static LoggingEventBuilder begin(String what, String id, String name, Endpoints ends,
			@Nullable Listener listener) {
		LoggingEventBuilder event = logger.atInfo()
			.addKeyValue("echod.event", what)
			.addKeyValue("echod.id", id)
			.addKeyValue("echod.listener", name)
			.addKeyValue("echod.peer", Addresses.text(ends.peer()))
			.addKeyValue("echod.local", Addresses.text(ends.local()));
		if (ends.proxied() != null) {
			event = event.addKeyValue("echod.proxied", Addresses.text(ends.proxied()));
		}
		if (ends.tls() != null) {
			event = withTls(event, ends.tls());
		}
		return (listener == null) ? event
				: event.addKeyValue("echod.concurrency", listener.concurrency())
					.addKeyValue("echod.framing", listener.framing())
					.addKeyValue("echod.service", listener.service());
	}

}
