package dev.echod.admission;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import dev.echod.connection.Addresses;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.RefusalReason;
import org.jspecify.annotations.Nullable;

/**
 * Lets clients in to a listener, or not. Places are counted whether they are limited or
 * not, so that limits may change while connections are open. Any thread may call, and
 * none waits.
 */
public final class Admission {

	/**
	 * Who waits asks again after so long: the limit may be another then.
	 */
	private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final String listener;

	private final AccessRules access;

	private final ConnectionRegistry registry;

	private final LongSupplier nanoClock;

	private final RefusalLog log;

	private final AtomicInteger places = new AtomicInteger();

	/**
	 * How many places each has who has any.
	 */
	private final Map<Long, Integer> placesByAddress = new ConcurrentHashMap<>();

	private volatile Current current;

	/**
	 * Create an admission with nobody inside.
	 * @param listener its name
	 * @param registry counts who is refused
	 */
	public Admission(String listener, AccessRules access, AdmissionLimits limits, ConnectionRegistry registry) {
		this(listener, access, limits, registry, System::nanoTime);
	}

	Admission(String listener, AccessRules access, AdmissionLimits limits, ConnectionRegistry registry,
			LongSupplier nanoClock) {
		this.listener = listener;
		this.access = access;
		this.registry = registry;
		this.nanoClock = nanoClock;
		this.log = new RefusalLog(listener, nanoClock);
		this.current = Current.of(limits, nanoClock.getAsLong());
	}

	/**
	 * Has other limits from now on. Who is inside stays, also where they are more than
	 * may come in now.
	 */
	public synchronized void limit(AdmissionLimits limits) {
		Current before = this.current;
		this.current = (limits.acceptsPerSecond() == before.limits().acceptsPerSecond())
				? new Current(limits, before.rate()) : Current.of(limits, this.nanoClock.getAsLong());
	}

	/**
	 * Asks whether a client may come in.
	 * @return its place; null when it may not, which has been counted and logged then:
	 * its connection is to be reset
	 */
	public @Nullable Place admit(InetAddress client) {
		if (!this.access.admit(client)) {
			return refuse(RefusalReason.ACCESS_DENIED, client);
		}
		Current now = this.current;
		Long address = group(client);
		int sum = this.places.incrementAndGet();
		int ofAddress = this.placesByAddress.merge(address, 1, Integer::sum);
		if (isAbove(now.limits().connections(), sum)) {
			giveBack(address);
			return refuse(RefusalReason.CONNECTION_LIMIT, client);
		}
		if (isAbove(now.limits().connectionsPerAddress(), ofAddress)) {
			giveBack(address);
			return refuse(RefusalReason.ADDRESS_LIMIT, client);
		}
		if (now.rate() != null) {
			now.rate().take(this.nanoClock.getAsLong());
		}
		return new Place(this, address);
	}

	/**
	 * Those who count as one: an IPv6 client has a whole /64 to itself. No IPv6 network
	 * begins like an IPv4 address here.
	 */
	private static Long group(InetAddress client) {
		byte[] address = Addresses.bytes(client);
		ByteBuffer bytes = ByteBuffer.wrap(address);
		return (address.length == 4) ? Integer.toUnsignedLong(bytes.getInt()) : bytes.getLong();
	}

	private static boolean isAbove(int limit, int count) {
		return limit > 0 && count > limit;
	}

	private @Nullable Place refuse(RefusalReason reason, InetAddress client) {
		this.registry.refused(this.listener, reason);
		this.log.refused(reason, client);
		return null;
	}

	void giveBack(Long address) {
		this.placesByAddress.computeIfPresent(address, (key, count) -> (count > 1) ? count - 1 : null);
		this.places.decrementAndGet();
	}

	/**
	 * How long nobody is to be accepted from now on, in nanoseconds, before this is asked
	 * again; 0 when somebody may be. Clients wait in the system's backlog meanwhile.
	 */
	public long waitNanos() {
		AcceptRate rate = this.current.rate();
		return (rate != null) ? Math.min(rate.waitNanos(this.nanoClock.getAsLong()), LONGEST_WAIT_NANOS) : 0;
	}

	/**
	 * How many addresses are remembered.
	 */
	int addresses() {
		return this.placesByAddress.size();
	}

	/**
	 * The limits, and how far the one that goes by time is used.
	 *
	 * @param rate null when there is no limit
	 */
	private record Current(AdmissionLimits limits, @Nullable AcceptRate rate) {

		static Current of(AdmissionLimits limits, long nowNanos) {
			return new Current(limits,
					(limits.acceptsPerSecond() > 0) ? new AcceptRate(limits.acceptsPerSecond(), nowNanos) : null);
		}

	}

}
