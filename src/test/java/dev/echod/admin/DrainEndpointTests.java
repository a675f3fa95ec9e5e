package dev.echod.admin;

import dev.echod.drain.Drain;
import dev.echod.drain.DrainOutcome;
import dev.echod.drain.DrainState;
import dev.echod.drain.DrainStatus;
import dev.echod.listener.ListenerBindException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * What is audited of a drain that ends while it is being cancelled.
 */
class DrainEndpointTests {

	private final AuditTrail trail = new AuditTrail();

	private final Drain drain = mock(Drain.class);

	private final DrainEndpoint endpoint = new DrainEndpoint(this.drain, new ChangeAudit(this.trail));

	DrainEndpointTests() {
		given(this.drain.status()).willReturn(new DrainStatus(DrainState.DRAINING, null, null, null));
	}

	private DrainStatus ended(DrainOutcome outcome) {
		DrainStatus ended = new DrainStatus(DrainState.SERVING, null, null, outcome);
		given(this.drain.status()).willReturn(ended);
		return ended;
	}

	@ParameterizedTest
	@CsvSource({ "CANCELLED,DRAIN_CANCELLED", "CLEAN,DRAIN_TAKEN_BACK", "FORCED,DRAIN_TAKEN_BACK" })
	void changeIsWhatCancellingFound(DrainOutcome outcome, String change) {
		given(this.drain.cancel()).willAnswer((call) -> ended(outcome));
		assertThat(this.endpoint.cancel(SecurityContext.NONE, null).outcome()).isEqualTo(outcome);
		assertThat(this.trail.find(null, null, null)).extracting(AuditEvent::getType).containsExactly(change);
	}

	@ParameterizedTest
	@CsvSource({ "CANCELLED,DRAIN_CANCELLED", "CLEAN,DRAIN_TAKEN_BACK" })
	void changeIsWhatCancellingFoundThoughAnAddressIsTaken(DrainOutcome outcome, String change) {
		cancelled(outcome, change, mock(ListenerBindException.class));
	}

	@Test
	void changeIsWhatCancellingFoundThoughAListenerFails() {
		cancelled(DrainOutcome.CANCELLED, "DRAIN_CANCELLED", new IllegalStateException("It cannot"));
	}

	private void cancelled(DrainOutcome outcome, String change, RuntimeException failure) {
		given(this.drain.cancel()).willAnswer((call) -> {
			ended(outcome);
			throw failure;
		});
		assertThatExceptionOfType(ResponseStatusException.class)
			.isThrownBy(() -> this.endpoint.cancel(SecurityContext.NONE, null))
			.returns(HttpStatus.CONFLICT, ResponseStatusException::getStatusCode);
		assertThat(this.trail.find(null, null, null)).extracting(AuditEvent::getType).containsExactly(change);
	}

}
