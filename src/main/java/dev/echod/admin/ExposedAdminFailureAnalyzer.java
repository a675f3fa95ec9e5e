package dev.echod.admin;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

class ExposedAdminFailureAnalyzer extends AbstractFailureAnalyzer<ExposedAdminException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ExposedAdminException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"Set echod.admin.operator.password (in the environment ECHOD_ADMIN_OPERATOR_PASSWORD; plain or "
						+ "{bcrypt}…), or bind the admin API to the machine itself with server.address: 127.0.0.1, and where "
						+ "management.server.port is set with management.server.address: 127.0.0.1.",
				cause);
	}

}
