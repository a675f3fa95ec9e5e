package dev.echod.admin;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

class AdminSettingFailureAnalyzer extends AbstractFailureAnalyzer<AdminSettingException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, AdminSettingException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
