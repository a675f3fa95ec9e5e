package dev.echod.admin;

import java.util.Map;
import java.util.Objects;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;

/**
 * Audits the changes through Actuator's own endpoints; those of echod tell themselves
 * what they did.
 */
class BuiltInChangesAudit implements OperationInvokerAdvisor {

	private static final Map<String, String> CHANGES = Map.of("loggers", "LOGGER_CHANGED", "shutdown", "SHUTDOWN");

	private final ChangeAudit audit;

	BuiltInChangesAudit(ChangeAudit audit) {
		this.audit = audit;
	}

	@Override
	public OperationInvoker apply(EndpointId endpointId, OperationType operationType, OperationParameters parameters,
			OperationInvoker invoker) {
		String change = CHANGES.get(endpointId.toString());
		if (operationType == OperationType.READ || change == null) {
			return invoker;
		}
		return (context) -> {
			Object answer = invoker.invoke(context);
			this.audit.changed(Objects.requireNonNull(context.resolveArgument(SecurityContext.class)), change,
					context.getArguments().toString(), null);
			return answer;
		};
	}

}
