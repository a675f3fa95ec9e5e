package dev.echod.admin;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.actuate.audit.InMemoryAuditEventRepository;

/**
 * The last changes, and apart from them the last refusals: whoever may not do anything
 * cannot push out what others did. Refusals are found by their type alone.
 */
class AuditTrail implements AuditEventRepository {

	static final String REFUSED = "REFUSED";

	private static final int KEPT = 1_000;

	private final AuditEventRepository changes = new InMemoryAuditEventRepository(KEPT);

	private final AuditEventRepository refusals = new InMemoryAuditEventRepository(KEPT);

	@Override
	public void add(AuditEvent event) {
		of(event.getType()).add(event);
	}

	@Override
	public List<AuditEvent> find(@Nullable String principal, @Nullable Instant after, @Nullable String type) {
		return of(type).find(principal, after, type);
	}

	private AuditEventRepository of(@Nullable String type) {
		return REFUSED.equals(type) ? this.refusals : this.changes;
	}

}
