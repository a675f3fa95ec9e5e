package dev.echod.listener;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import dev.echod.connection.TcpOptions;
import dev.echod.transport.Transport;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * What a listener's properties tell the system's TCP, found to be what its sockets take.
 */
final class TcpSettings {

	private static final Duration LONGEST_KEEP_ALIVE = Duration.ofHours(9);

	private static final Duration LONGEST_USER_TIMEOUT = Duration.ofDays(1);

	private static final Duration LONGEST_DEFER_ACCEPT = Duration.ofMinutes(1);

	private static final DataSize SMALLEST_BUFFER = DataSize.ofKilobytes(4);

	private static final DataSize LARGEST_BUFFER = DataSize.ofMegabytes(64);

	private static final DataSize SMALLEST_SEGMENT = DataSize.ofBytes(88);

	private static final DataSize LARGEST_SEGMENT = DataSize.ofBytes(32_767);

	private final String prefix;

	private final ListenerProperties properties;

	private final Transport transport;

	private TcpSettings(String prefix, ListenerProperties properties, Transport transport) {
		this.prefix = prefix;
		this.properties = properties;
		this.transport = transport;
	}

	/**
	 * Checks the properties.
	 * @param prefix of the listener's properties
	 * @param transport of the event loops
	 * @throws InvalidConfigurationPropertyValueException if one is not allowed or not
	 * taken; it names the property and what is
	 */
	static TcpOptions of(String prefix, ListenerProperties properties, Transport transport) {
		return new TcpSettings(prefix, properties, transport).options();
	}

	private TcpOptions options() {
		TcpOptions.KeepAlive keepAlive = keepAlive();
		int segment = bytes("max-segment", this.properties.maxSegment(), SMALLEST_SEGMENT, LARGEST_SEGMENT);
		Duration defer = this.properties.deferAccept();
		if (!defer.isZero()) {
			checkSeconds("defer-accept", defer, LONGEST_DEFER_ACCEPT);
		}
		takenNatively("max-segment", this.properties.maxSegment(), segment > 0);
		takenNatively("defer-accept", defer, !defer.isZero());
		takenNatively("fast-open", this.properties.fastOpen(), this.properties.fastOpen() > 0);
		takenNatively("reuse-port", true, this.properties.reusePort());
		return new TcpOptions(keepAlive, userTimeout(keepAlive),
				bytes("send-buffer", this.properties.sendBuffer(), SMALLEST_BUFFER, LARGEST_BUFFER),
				bytes("receive-buffer", this.properties.receiveBuffer(), SMALLEST_BUFFER, LARGEST_BUFFER),
				this.properties.trafficClass(), this.properties.fastOpen(), defer, segment,
				this.properties.reusePort());
	}

	private TcpOptions.@Nullable KeepAlive keepAlive() {
		ListenerProperties.KeepAlive keepAlive = this.properties.keepAlive();
		if (keepAlive.idle().isZero()) {
			return null;
		}
		checkSeconds("keep-alive.idle", keepAlive.idle(), LONGEST_KEEP_ALIVE);
		checkSeconds("keep-alive.interval", keepAlive.interval(), LONGEST_KEEP_ALIVE);
		if (isOnKqueue() && !keepAlive.equals(ListenerProperties.KeepAlive.DEFAULT)) {
			throw invalid("keep-alive", keepAlive,
					"On transport kqueue the times are the system's; 0s switches it off.");
		}
		return new TcpOptions.KeepAlive(keepAlive.idle(), keepAlive.interval(), keepAlive.count());
	}

	/**
	 * Linux asks a silent peer until this has passed, whatever the number of questions
	 * (tcp(7)): it is no longer than they take.
	 */
	private Duration userTimeout(TcpOptions.@Nullable KeepAlive keepAlive) {
		Duration timeout = this.properties.userTimeout();
		if (timeout.isZero()) {
			return timeout;
		}
		if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(LONGEST_USER_TIMEOUT) > 0) {
			throw invalid("user-timeout", timeout, "It must be from 1 second to 1 day; 0s leaves it to the system.");
		}
		if (!isNative()) {
			takenNatively("user-timeout", timeout, !timeout.equals(ListenerProperties.DEFAULT_USER_TIMEOUT));
			return Duration.ZERO;
		}
		return (keepAlive != null && keepAlive.total().compareTo(timeout) < 0) ? keepAlive.total() : timeout;
	}

	private void takenNatively(String name, Object value, boolean set) {
		if (set && !isNative()) {
			throw invalid(name, value,
					"It is taken by concurrency event-loop on transport io-uring or epoll, not by %s."
						.formatted(way()));
		}
	}

	private boolean isNative() {
		return isOnEventLoops() && (this.transport == Transport.IO_URING || this.transport == Transport.EPOLL);
	}

	private boolean isOnKqueue() {
		return isOnEventLoops() && this.transport == Transport.KQUEUE;
	}

	private boolean isOnEventLoops() {
		return this.properties.concurrency() == Concurrency.EVENT_LOOP;
	}

	private String way() {
		return isOnEventLoops() ? "transport " + this.transport : "concurrency " + this.properties.concurrency();
	}

	private void checkSeconds(String name, Duration time, Duration longest) {
		if (time.compareTo(Duration.ofSeconds(1)) < 0 || time.compareTo(longest) > 0
				|| !time.equals(time.truncatedTo(ChronoUnit.SECONDS))) {
			throw invalid(name, time, "It must be whole seconds, from 1 to %d.".formatted(longest.toSeconds()));
		}
	}

	private int bytes(String name, DataSize size, DataSize least, DataSize most) {
		if (size.toBytes() != 0 && (size.compareTo(least) < 0 || size.compareTo(most) > 0)) {
			throw invalid(name, size, "It must be from %d to %d bytes; 0 leaves it to the system."
				.formatted(least.toBytes(), most.toBytes()));
		}
		return (int) size.toBytes();
	}

	private InvalidConfigurationPropertyValueException invalid(String name, Object value, String reason) {
		return new InvalidConfigurationPropertyValueException(this.prefix + "." + name, value, reason);
	}

}
