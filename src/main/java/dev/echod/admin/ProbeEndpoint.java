package dev.echod.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;

import dev.echod.client.Probe;
import dev.echod.client.ProbeFailedException;
import dev.echod.client.ProbeRequest;
import dev.echod.client.ProbeResult;
import dev.echod.connection.Times;
import dev.echod.framing.Framing;
import dev.echod.tls.ClientTls;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * Sends messages to any TCP echo service, through the outbound gateway, and answers with
 * their round-trip times.
 */
@WebEndpoint(id = "probe")
class ProbeEndpoint implements DisposableBean {

	private static final int MAX_COUNT = 1_000;

	private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);

	/**
	 * How long the messages of one probe may take together.
	 */
	private static final Duration MAX_TOTAL = Duration.ofMinutes(1);

	private static final int THREADS = 4;

	/**
	 * For each of the threads.
	 */
	private static final int WAITING = 4;

	/**
	 * Of their own: probes that wait for whoever does not answer keep nobody from health
	 * and drain.
	 */
	private final Scheduler threads = Schedulers.newBoundedElastic(THREADS, WAITING, "probe");

	private final Probe probe;

	private final ChangeAudit audit;

	private final SslBundles bundles;

	private final LastProbes lastProbes;

	ProbeEndpoint(Probe probe, ChangeAudit audit, SslBundles bundles, LastProbes lastProbes) {
		this.probe = probe;
		this.audit = audit;
		this.bundles = bundles;
		this.lastProbes = lastProbes;
	}

	@WriteOperation
	Mono<Descriptor> probe(SecurityContext caller, String host, int port, @Nullable String payload,
			@Nullable Integer count, @Nullable Duration timeout, @Nullable Framing framing, @Nullable Boolean tls,
			@Nullable String tlsBundle, @Nullable String serverName, @Nullable String reason) {
		Duration time = Objects.requireNonNullElse(timeout, ProbeRequest.DEFAULT_TIMEOUT);
		if (time.compareTo(MAX_TIMEOUT) > 0) {
			throw Failures.badRequest("'timeout' takes up to one minute, not '%s'".formatted(time));
		}
		ProbeRequest request = new ProbeRequest(host, Failures.within("port", 1, 65535, port, 0),
				Objects.requireNonNullElse(payload, ProbeRequest.DEFAULT_PAYLOAD),
				Failures.within("count", 1, MAX_COUNT, count, 1), time,
				Objects.requireNonNullElse(framing, Framing.STREAM));
		SslBundle bundle = bundle(tls, tlsBundle, serverName);
		this.audit.changed(caller, "PROBE", host + ":" + port, reason);
		return Mono.fromCallable(() -> send((bundle != null) ? secured(request, bundle, serverName) : request))
			.subscribeOn(this.threads)
			.onErrorMap(RejectedExecutionException.class,
					(ex) -> new ResponseStatusException(HttpStatus.TOO_MANY_REQUESTS,
							"%d probes run and %d wait already".formatted(THREADS, THREADS * WAITING)));
	}

	/**
	 * A bundle or a name to ask for mean TLS.
	 * @return whom to trust, and what to show; null for no TLS
	 */
	private @Nullable SslBundle bundle(@Nullable Boolean wanted, @Nullable String bundle, @Nullable String serverName) {
		boolean meant = bundle != null || serverName != null;
		if (!Objects.requireNonNullElse(wanted, meant)) {
			if (meant) {
				throw Failures.badRequest("'tlsBundle' and 'serverName' need 'tls'");
			}
			return null;
		}
		if (bundle != null && !this.bundles.getBundleNames().contains(bundle)) {
			throw Failures.badRequest("There is no SSL bundle '%s', 'tlsBundle' takes one of %s".formatted(bundle,
					this.bundles.getBundleNames()));
		}
		return (bundle != null) ? this.bundles.getBundle(bundle) : SslBundle.systemDefault();
	}

	/**
	 * Looks at keys and at whom to trust, which takes a while: not for an event loop.
	 */
	private static ProbeRequest secured(ProbeRequest request, SslBundle bundle, @Nullable String serverName) {
		return request.secured(new ProbeRequest.Tls(ClientTls.of(bundle), serverName));
	}

	private Descriptor send(ProbeRequest request) {
		Descriptor found = found(request);
		this.lastProbes.add(request.host(), request.port(),
				new LastProbe(Instant.now(), found.echoed(), found.medianSeconds(), found.error()));
		return found;
	}

	private Descriptor found(ProbeRequest request) {
		try {
			return Descriptor.of(this.probe.send(request, MAX_TOTAL));
		}
		catch (ProbeFailedException ex) {
			return Descriptor.failed(request, ex);
		}
	}

	@Override
	public void destroy() {
		this.threads.dispose();
	}

	/**
	 * What a probe found.
	 *
	 * @param echoed whether every message came back as it was sent
	 * @param error why not; null when they did
	 */
	record Descriptor(boolean echoed, @Nullable String error, int bytes, List<Duration> roundTrips,
			List<Double> roundTripsSeconds, @Nullable Duration min, @Nullable Double minSeconds,
			@Nullable Duration median, @Nullable Double medianSeconds, @Nullable Duration max,
			@Nullable Double maxSeconds) {

		static Descriptor of(ProbeResult result) {
			return new Descriptor(true, null, result.bytes(), result.roundTrips(),
					result.roundTrips().stream().map(Times::seconds).toList(), result.min(),
					Times.seconds(result.min()), result.median(), Times.seconds(result.median()), result.max(),
					Times.seconds(result.max()));
		}

		static Descriptor failed(ProbeRequest request, ProbeFailedException failure) {
			return new Descriptor(false, failure.getMessage(), request.size(), List.of(), List.of(), null, null, null,
					null, null, null);
		}

	}

}
