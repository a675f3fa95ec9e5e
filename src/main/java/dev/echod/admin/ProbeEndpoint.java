package dev.echod.admin;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.echod.client.Probe;
import dev.echod.framing.Framing;
import dev.echod.client.ProbeFailedException;
import dev.echod.client.ProbeRequest;
import dev.echod.client.ProbeResult;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * Sends messages to any TCP echo service, through the outbound gateway, and answers with
 * their round-trip times.
 */
@WebEndpoint(id = "probe")
class ProbeEndpoint {

	private static final int MAX_COUNT = 1_000;

	private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);

	private final Probe probe;

	private final ChangeAudit audit;

	ProbeEndpoint(Probe probe, ChangeAudit audit) {
		this.probe = probe;
		this.audit = audit;
	}

	@WriteOperation
	WebEndpointResponse<Object> probe(SecurityContext caller, String host, String port, @Nullable String payload,
			@Nullable String count, @Nullable String timeout, @Nullable String framing) {
		return Answers.checked(() -> {
			Duration time = Objects.requireNonNullElse(RequestParameters.duration("timeout", timeout),
					ProbeRequest.DEFAULT_TIMEOUT);
			if (time.compareTo(MAX_TIMEOUT) > 0) {
				throw new IllegalArgumentException("'timeout' takes up to one minute, not '%s'".formatted(timeout));
			}
			ProbeRequest request = new ProbeRequest(host, RequestParameters.integer("port", port, 1, 65535, 0),
					Objects.requireNonNullElse(payload, ProbeRequest.DEFAULT_PAYLOAD),
					RequestParameters.integer("count", count, 1, MAX_COUNT, 1), time,
					(framing != null) ? Framing.of(framing) : Framing.STREAM);
			this.audit.changed(caller, "PROBE", host + ":" + port, null);
			try {
				ProbeResult result = this.probe.send(request);
				return Answers.ok(new Descriptor(true, null, result.bytes(), result.roundTrips(), result.min(),
						result.median(), result.max()));
			}
			catch (ProbeFailedException ex) {
				return Answers.ok(new Descriptor(false, ex.getMessage(), request.size(), List.of(), null, null, null));
			}
		});
	}

	/**
	 * What a probe found.
	 *
	 * @param echoed whether every message came back as it was sent
	 * @param error why not; null when they did
	 */
	record Descriptor(boolean echoed, @Nullable String error, int bytes, List<Duration> roundTrips,
			@Nullable Duration min, @Nullable Duration median, @Nullable Duration max) {

	}

}
