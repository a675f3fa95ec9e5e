package dev.echod.tls;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How a listener's handshakes went since the start.
 */
public final class Handshakes {

	/**
	 * The protocol versions that there are.
	 */
	public static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

	private final Map<String, LongAdder> succeeded = new ConcurrentHashMap<>();

	private final Map<TlsFailure, LongAdder> failed = new EnumMap<>(TlsFailure.class);

	private final LongAdder resumed = new LongAdder();

	Handshakes() {
		Arrays.stream(TlsFailure.values()).forEach((failure) -> this.failed.put(failure, new LongAdder()));
	}

	void succeeded(String version, boolean again) {
		this.succeeded.computeIfAbsent(version, (ignored) -> new LongAdder()).increment();
		if (again) {
			this.resumed.increment();
		}
	}

	void failed(TlsFailure failure) {
		Objects.requireNonNull(this.failed.get(failure)).increment();
	}

	/**
	 * How many succeeded with a protocol version.
	 */
	public long successes(String version) {
		LongAdder count = this.succeeded.get(version);
		return (count != null) ? count.sum() : 0;
	}

	/**
	 * How many of those that succeeded resumed a session.
	 */
	public long resumed() {
		return this.resumed.sum();
	}

	/**
	 * How many failed for a reason.
	 */
	public long failures(TlsFailure failure) {
		return Objects.requireNonNull(this.failed.get(failure)).sum();
	}

}
