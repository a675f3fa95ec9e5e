package dev.echod.admin;

import java.net.InetAddress;
import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.endpoint.SecurityContext;

/**
 * Keeps who changed what, from where and why, and who was refused: an audit event, and a
 * line of the logger {@code dev.echod.audit}, for each change and for the refusals that
 * {@link Refusals} tells of.
 */
class ChangeAudit {

	private static final Logger logger = LoggerFactory.getLogger("dev.echod.audit");

	private static final Pattern NAME = Pattern.compile("[^'\\s\\p{Z}]+");

	private final AuditTrail trail;

	ChangeAudit(AuditTrail trail) {
		this.trail = trail;
	}

	/**
	 * Records a change.
	 * @param type what kind of change
	 * @param what what was changed
	 * @param reason why, as the caller said; null when it did not
	 */
	void changed(SecurityContext caller, String type, String what, @Nullable String reason) {
		Principal principal = caller.getPrincipal();
		RequestDetails details = RequestDetails.of(caller);
		Map<String, @Nullable Object> data = data(what, (details != null) ? details.source() : null);
		if (reason != null) {
			data.put("reason", reason);
		}
		record((principal != null) ? RecordedRefusals.beginning(principal.getName()) : "anonymous", type, data, reason);
	}

	/**
	 * Keeps that requests were refused, without a line.
	 */
	void refused(Refusal refusal) {
		Map<String, @Nullable Object> data = data(refusal.request(), refusal.source());
		data.put("why", refusal.why());
		data.put("times", refusal.times());
		this.trail.add(new AuditEvent(refusal.actor(), AuditTrail.REFUSED, data));
	}

	/**
	 * Writes the line of a source's refusals.
	 * @param refusals one for each reason, the last at the end
	 */
	void logRefused(List<Refusal> refusals) {
		Refusal last = refusals.getLast();
		String whys = refusals.stream()
			.map((refusal) -> (refusal.times() > 1) ? "%s (%d times)".formatted(refusal.why(), refusal.times())
					: refusal.why())
			.collect(Collectors.joining("; "));
		log(last.actor(), AuditTrail.REFUSED, data(last.request(), last.source()), whys);
	}

	private static Map<String, @Nullable Object> data(String what, @Nullable InetAddress source) {
		Map<String, @Nullable Object> data = new LinkedHashMap<>();
		data.put("what", what);
		if (source != null) {
			data.put("source", source.getHostAddress());
		}
		return data;
	}

	private void record(String actor, String type, Map<String, @Nullable Object> data, @Nullable String reason) {
		this.trail.add(new AuditEvent(actor, type, data));
		log(actor, type, data, reason);
	}

	private static void log(String actor, String type, Map<String, @Nullable Object> data, @Nullable String reason) {
		logger.info("{}: {} by {} from {}{}", type, clean(String.valueOf(data.get("what"))), name(actor),
				data.getOrDefault("source", "an unknown address"),
				(reason != null) ? ", because: " + clean(reason) : "");
	}

	/**
	 * A name in which there is room for more than a name is quoted: it is another's who
	 * says it, and may go on as the line does.
	 */
	private static String name(String actor) {
		String clean = clean(actor);
		return NAME.matcher(clean).matches() ? clean : "'" + clean.replace('\'', '?') + "'";
	}

	/**
	 * One event is one line, whatever a caller put into it.
	 */
	private static String clean(String text) {
		return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
	}

}
