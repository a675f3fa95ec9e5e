package dev.echod.admin;

import dev.echod.connection.BulkClose;
import dev.echod.connection.BulkCloseStatus;
import dev.echod.connection.CloseRefusedException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The paced close of many connections that {@link ConnectionsEndpoint} starts: shows how
 * far it is, calls it off.
 */
@WebEndpoint(id = "bulkclose")
class BulkCloseEndpoint {

	private final BulkClose bulkClose;

	private final ChangeAudit audit;

	BulkCloseEndpoint(BulkClose bulkClose, ChangeAudit audit) {
		this.bulkClose = bulkClose;
		this.audit = audit;
	}

	@ReadOperation
	BulkCloseDescriptor show() {
		return BulkCloseDescriptor.of(this.bulkClose.status());
	}

	@DeleteOperation
	BulkCloseDescriptor cancel(SecurityContext caller, @Nullable String reason) {
		try {
			BulkCloseStatus cancelled = this.bulkClose.cancel();
			this.audit.changed(caller, "BULK_CLOSE_CANCELLED",
					"bulk close, %d closed, %d left".formatted(cancelled.closed(), cancelled.waiting()), reason);
			return BulkCloseDescriptor.of(cancelled);
		}
		catch (CloseRefusedException ex) {
			throw Failures.conflict(ex);
		}
	}

}
