package dev.echod.admin;

import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.actuate.endpoint.SecurityContext;

/**
 * Keeps who changed what and why, and who was refused: an audit event and a line in the
 * log for each.
 */
class ChangeAudit {

	private static final Logger logger = LoggerFactory.getLogger(ChangeAudit.class);

	private final AuditEventRepository repository;

	ChangeAudit(AuditEventRepository repository) {
		this.repository = repository;
	}

	/**
	 * Records a change.
	 * @param type what kind of change
	 * @param what what was changed
	 * @param reason why, as the caller said; null when it did not
	 */
	void changed(SecurityContext caller, String type, String what, @Nullable String reason) {
		Principal principal = caller.getPrincipal();
		record((principal != null) ? principal.getName() : "anonymous", type, what, reason);
	}

	/**
	 * Records an attempt that was refused.
	 * @param actor the user, or whoever it claimed to be
	 * @param request method and path
	 */
	void refused(String actor, String request, String reason) {
		record(actor, "REFUSED", request, reason);
	}

	private void record(String actor, String type, String what, @Nullable String reason) {
		Map<String, @Nullable Object> data = new LinkedHashMap<>();
		data.put("what", what);
		if (reason != null) {
			data.put("reason", reason);
		}
		this.repository.add(new AuditEvent(actor, type, data));
		logger.info("{}: {} by {}{}", type, clean(what), clean(actor),
				(reason != null) ? ", because: " + clean(reason) : "");
	}

	/**
	 * One event is one line, whatever a caller put into it.
	 */
	private static String clean(String text) {
		return text.replaceAll("\\p{Cntrl}", "?");
	}

}
