package dev.echod.admission;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import dev.echod.connection.AddressRange;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.Endpoints;
import dev.echod.connection.RefusalReason;
import dev.echod.testing.LogCapture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who gets a place, and that places are given back; the test moves the clock.
 */
class AdmissionTests {

	private static final AccessRules EVERYONE = new AccessRules(List.of(), List.of());

	private static final AdmissionLimits NONE = new AdmissionLimits(0, 0, 0);

	/**
	 * Names the clients for whom it comes.
	 */
	private static final String PROXY = "192.0.2.100";

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private long nanos = TimeUnit.SECONDS.toNanos(-5);

	private Admission admission(AdmissionLimits limits) {
		return admission(EVERYONE, limits);
	}

	private Admission admission(AccessRules access, AdmissionLimits limits) {
		return new Admission("echo", access, limits, InetAddress.ofLiteral(PROXY)::equals, this.registry,
				() -> this.nanos);
	}

	private static @Nullable Place admit(Admission admission, String address) {
		return admission.admit(InetAddress.ofLiteral(address));
	}

	private static Place admitted(Admission admission, String address) {
		return requireNonNull(admit(admission, address));
	}

	@Test
	void deniedClientIsRefusedAndTakesNoPlace() {
		Admission admission = admission(new AccessRules(List.of(), List.of(AddressRange.of("10.0.0.0/8"))),
				new AdmissionLimits(1, 1, 1));
		for (int i = 0; i < 3; i++) {
			assertThat(admit(admission, "10.1.2.3")).isNull();
		}
		assertThat(this.registry.refusals("echo", RefusalReason.ACCESS_DENIED)).isEqualTo(3);
		assertThat(admission.addresses()).isZero();
		assertThat(admission.waitNanos()).isZero();
		assertThat(admit(admission, "192.0.2.1")).isNotNull();
	}

	@Test
	void noMoreComeInThanMayBeOpen() {
		Admission admission = admission(new AdmissionLimits(2, 0, 0));
		Place first = admitted(admission, "192.0.2.1");
		admitted(admission, "192.0.2.2");
		assertThat(admit(admission, "192.0.2.3")).isNull();
		assertThat(this.registry.refusals("echo", RefusalReason.CONNECTION_LIMIT)).isEqualTo(1);
		first.giveBack();
		assertThat(admit(admission, "192.0.2.3")).isNotNull();
		assertThat(admit(admission, "192.0.2.4")).isNull();
	}

	@Test
	void placeIsGivenBackOnce() {
		Admission admission = admission(new AdmissionLimits(2, 0, 0));
		Place first = admitted(admission, "192.0.2.1");
		admitted(admission, "192.0.2.1");
		first.giveBack();
		first.giveBack();
		assertThat(admit(admission, "192.0.2.1")).isNotNull();
		assertThat(admit(admission, "192.0.2.1")).isNull();
	}

	@Test
	void eachAddressHasItsOwnLimit() {
		Admission admission = admission(new AdmissionLimits(0, 1, 0));
		Place first = admitted(admission, "192.0.2.1");
		assertThat(admit(admission, "192.0.2.1")).isNull();
		assertThat(admit(admission, "192.0.2.2")).isNotNull();
		assertThat(admit(admission, "::ffff:192.0.2.1")).isNull();
		assertThat(this.registry.refusals("echo", RefusalReason.ADDRESS_LIMIT)).isEqualTo(2);
		first.giveBack();
		assertThat(admit(admission, "192.0.2.1")).isNotNull();
	}

	@Test
	void ipv6ClientsCountByTheirNetwork() {
		Admission admission = admission(new AdmissionLimits(0, 1, 0));
		assertThat(admit(admission, "2001:db8:0:1::1")).isNotNull();
		assertThat(admit(admission, "2001:db8:0:1:ffff::2")).isNull();
		assertThat(admit(admission, "2001:db8:0:2::1")).isNotNull();
	}

	@Test
	void addressThatLeftIsForgotten() {
		Admission admission = admission(NONE);
		List<Place> places = new ArrayList<>();
		for (int i = 0; i < 1_000; i++) {
			places.add(admitted(admission, "10.0.%d.%d".formatted(i / 250, i % 250)));
		}
		assertThat(admission.addresses()).isEqualTo(1_000);
		places.forEach(Place::giveBack);
		assertThat(admission.addresses()).isZero();
	}

	@Test
	void refusedClientTakesNothingFromTheOthers() {
		Admission admission = admission(new AdmissionLimits(1, 1, 10));
		Place place = admitted(admission, "192.0.2.1");
		this.nanos += TimeUnit.SECONDS.toNanos(1);
		for (int i = 0; i < 100; i++) {
			assertThat(admit(admission, "192.0.2.1")).isNull();
		}
		assertThat(admission.waitNanos()).isZero();
		place.giveBack();
		assertThat(admission.addresses()).isZero();
		assertThat(admit(admission, "192.0.2.2")).isNotNull();
	}

	@Test
	void limitThatIsSetLaterCountsThoseWhoAreThere() {
		Admission admission = admission(NONE);
		Place first = admitted(admission, "192.0.2.1");
		Place second = admitted(admission, "192.0.2.1");
		admitted(admission, "192.0.2.2");
		admission.limit(new AdmissionLimits(0, 2, 0));
		assertThat(admit(admission, "192.0.2.1")).isNull();
		admission.limit(new AdmissionLimits(3, 0, 0));
		assertThat(admit(admission, "192.0.2.3")).isNull();
		first.giveBack();
		second.giveBack();
		assertThat(admit(admission, "192.0.2.3")).isNotNull();
		admission.limit(NONE);
		for (int i = 0; i < 10; i++) {
			assertThat(admit(admission, "192.0.2.3")).isNotNull();
		}
	}

	@Test
	void proxyTakesAPlaceThatCountsForNoAddress() {
		Admission admission = admission(new AccessRules(List.of(), List.of(AddressRange.of("192.0.2.0/24"))),
				new AdmissionLimits(2, 1, 20));
		Place first = admitted(admission, PROXY);
		admitted(admission, PROXY);
		assertThat(admission.addresses()).isZero();
		assertThat(admission.waitNanos()).as("the rate holds").isPositive();
		assertThat(admit(admission, PROXY)).isNull();
		assertThat(this.registry.refusals("echo", RefusalReason.CONNECTION_LIMIT)).isEqualTo(1);
		first.giveBack();
		assertThat(admit(admission, PROXY)).isNotNull();
	}

	@Test
	void clientThatAProxyNamesIsAskedForThen() {
		Admission admission = admission(new AccessRules(List.of(), List.of(AddressRange.of("10.0.0.0/8"))),
				new AdmissionLimits(0, 1, 0));
		Place named = admitted(admission, PROXY);
		assertThat(named.name(InetAddress.ofLiteral("198.51.100.1"))).isTrue();
		assertThat(admit(admission, "198.51.100.1")).as("it has its place").isNull();
		Place second = admitted(admission, PROXY);
		assertThat(second.name(InetAddress.ofLiteral("198.51.100.1"))).isFalse();
		assertThat(this.registry.refusals("echo", RefusalReason.ADDRESS_LIMIT)).isEqualTo(2);
		Place denied = admitted(admission, PROXY);
		assertThat(denied.name(InetAddress.ofLiteral("10.1.2.3"))).isFalse();
		assertThat(this.registry.refusals("echo", RefusalReason.ACCESS_DENIED)).isEqualTo(1);
		List.of(denied, second, named).forEach(Place::giveBack);
		assertThat(admission.addresses()).isZero();
	}

	@Test
	void clientThatIsNamedTooLateHasNoPlace() {
		Admission admission = admission(NONE);
		Place place = admitted(admission, PROXY);
		place.giveBack();
		assertThat(place.name(InetAddress.ofLiteral("198.51.100.1"))).isFalse();
		assertThat(admission.addresses()).isZero();
	}

	@Test
	void acceptingWaitsWhenTooManyCome() {
		Admission admission = admission(new AdmissionLimits(0, 0, 20));
		admitted(admission, "192.0.2.1");
		assertThat(admission.waitNanos()).isZero();
		admitted(admission, "192.0.2.1");
		assertThat(admission.waitNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
		this.nanos += TimeUnit.MILLISECONDS.toNanos(50);
		assertThat(admission.waitNanos()).isZero();
	}

	/**
	 * Who waits learns so of a new limit in time.
	 */
	@Test
	void waitIsAskedForAgainSoon() {
		Admission admission = admission(new AdmissionLimits(0, 0, 1));
		for (int i = 0; i < 100; i++) {
			admitted(admission, "192.0.2.1");
		}
		assertThat(admission.waitNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
		admission.limit(new AdmissionLimits(7, 7, 1));
		assertThat(admission.waitNanos()).isPositive();
		admission.limit(new AdmissionLimits(7, 7, 2));
		assertThat(admission.waitNanos()).isZero();
	}

	@Test
	void logTellsOncePerSecondAndReason() {
		Admission admission = admission(new AdmissionLimits(1, 0, 0));
		admitted(admission, "192.0.2.1");
		try (LogCapture log = new LogCapture()) {
			for (int i = 0; i < 50; i++) {
				admit(admission, "192.0.2.2");
				this.nanos += TimeUnit.MILLISECONDS.toNanos(30);
			}
			admission.limit(new AdmissionLimits(0, 1, 0));
			admit(admission, "192.0.2.1");
			assertThat(log.atLeast(Level.WARN)).filteredOn((line) -> line.contains("'echo' refused"))
				.map((line) -> line.substring(line.indexOf("refused")))
				.containsExactly(
						"refused clients, CONNECTION_LIMIT: 1 since this was told last, the latest from 192.0.2.2",
						"refused clients, CONNECTION_LIMIT: 34 since this was told last, the latest from 192.0.2.2",
						"refused clients, ADDRESS_LIMIT: 1 since this was told last, the latest from 192.0.2.1");
		}
	}

	/**
	 * Also those that no rule of admission refuses.
	 */
	@Test
	void logTellsOfThoseThatDoNotKeepToProxyHeaders() {
		admission(NONE);
		try (LogCapture log = new LogCapture()) {
			for (int i = 0; i < 50; i++) {
				proxyFailed("echo", CloseReason.PROXY_UNTRUSTED);
				this.nanos += TimeUnit.MILLISECONDS.toNanos(30);
			}
			proxyFailed("echo", CloseReason.PROXY_INVALID);
			proxyFailed("other", CloseReason.PROXY_INVALID);
			proxyFailed("echo", CloseReason.TLS_HANDSHAKE);
			assertThat(log.atLeast(Level.WARN)).filteredOn((line) -> line.contains("' refused"))
				.map((line) -> line.substring(line.indexOf("Listener")))
				.containsExactly(
						"Listener 'echo' refused clients, PROXY_UNTRUSTED: 1 since this was told last, the latest from 192.0.2.1",
						"Listener 'echo' refused clients, PROXY_UNTRUSTED: 34 since this was told last, the latest from 192.0.2.1",
						"Listener 'echo' refused clients, PROXY_INVALID: 1 since this was told last, the latest from 192.0.2.1");
		}
	}

	private void proxyFailed(String listener, CloseReason reason) {
		InetSocketAddress peer = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 40_000);
		this.registry
			.failed(ClosedConnection.neverReady("id", listener, new Endpoints(peer, peer), System.nanoTime(), reason));
	}

	@Test
	void manyThreadsNeverExceedTheLimitAndGiveAllBack() throws Exception {
		Admission admission = admission(new AdmissionLimits(8, 3, 0));
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
			for (int thread = 0; thread < 4; thread++) {
				String address = "192.0.2." + thread / 2;
				threads.submit(() -> {
					for (int i = 0; i < 20_000; i++) {
						Place place = admit(admission, address);
						if (place != null) {
							most.accumulateAndGet(inside.incrementAndGet(), Math::max);
							inside.decrementAndGet();
							place.giveBack();
						}
					}
				});
			}
		}
		assertThat(most.get()).isBetween(1, 8);
		assertThat(admission.addresses()).isZero();
		for (int i = 0; i < 8; i++) {
			assertThat(admit(admission, "192.0.2." + i)).isNotNull();
		}
		assertThat(admit(admission, "192.0.2.9")).isNull();
	}

}
