package dev.echod.admission;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import dev.echod.connection.Addresses;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
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

	private final Predicate<InetAddress> proxies;

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
	 * @param proxies who names the client later for whom it comes
	 * @param registry counts who is refused
	 */
	public Admission(String listener, AccessRules access, AdmissionLimits limits, Predicate<InetAddress> proxies,
			ConnectionRegistry registry) {
		this(listener, access, limits, proxies, registry, System::nanoTime);
	}

	Admission(String listener, AccessRules access, AdmissionLimits limits, Predicate<InetAddress> proxies,
			ConnectionRegistry registry, LongSupplier nanoClock) {
		this.listener = listener;
		this.access = access;
		this.proxies = proxies;
		this.registry = registry;
		this.nanoClock = nanoClock;
		this.log = new RefusalLog(listener, nanoClock);
		this.current = Current.of(limits, nanoClock.getAsLong());
		registry.onClosed(this::closed);
	}

	/**
	 * Who does not keep to PROXY headers is refused as well, and is told of in the same
	 * way.
	 */
	private void closed(ClosedConnection connection) {
		CloseReason reason = connection.reason();
		if ((reason == CloseReason.PROXY_UNTRUSTED || reason == CloseReason.PROXY_INVALID)
				&& connection.listener().equals(this.listener)) {
			this.log.refused(reason, connection.endpoints().peer().getAddress());
		}
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
	 * Asks whether a client may come in. A proxy has no address of its own to be denied
	 * or counted: its place is asked again when it has named its client.
	 * @return its place; null when it may not, which has been counted and logged then:
	 * its connection is to be reset
	 */
	public @Nullable Place admit(InetAddress client) {
		boolean proxy = this.proxies.test(client);
		if (!proxy && !this.access.admit(client)) {
			refuse(RefusalReason.ACCESS_DENIED, client);
			return null;
		}
		Current now = this.current;
		if (isAbove(now.limits().connections(), this.places.incrementAndGet())) {
			giveBack(null);
			refuse(RefusalReason.CONNECTION_LIMIT, client);
			return null;
		}
		Long address = proxy ? null : takeAddress(client);
		if (!proxy && address == null) {
			giveBack(null);
			return null;
		}
		if (now.rate() != null) {
			now.rate().take(this.nanoClock.getAsLong());
		}
		return new Place(this, address);
	}

	/**
	 * Asks whether a client that has a place may have it as well for its address.
	 * @return what the place counts for now; null when it may not, which has been counted
	 * and logged then
	 */
	@Nullable Long name(InetAddress client) {
		if (!this.access.admit(client)) {
			refuse(RefusalReason.ACCESS_DENIED, client);
			return null;
		}
		return takeAddress(client);
	}

	private @Nullable Long takeAddress(InetAddress client) {
		Long address = group(client);
		if (isAbove(this.current.limits().connectionsPerAddress(),
				this.placesByAddress.merge(address, 1, Integer::sum))) {
			giveAddressBack(address);
			refuse(RefusalReason.ADDRESS_LIMIT, client);
			return null;
		}
		return address;
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

	private void refuse(RefusalReason reason, InetAddress client) {
		this.registry.refused(this.listener, reason);
		this.log.refused(reason, client);
	}

	/**
	 * Somebody has left.
	 * @param address what its place counted for; null for none
	 */
	void giveBack(@Nullable Long address) {
		if (address != null) {
			giveAddressBack(address);
		}
		this.places.decrementAndGet();
	}

	private void giveAddressBack(Long address) {
		this.placesByAddress.computeIfPresent(address, (key, count) -> (count > 1) ? count - 1 : null);
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
