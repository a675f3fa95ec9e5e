package dev.echod.admin;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;

/**
 * Tells who is neither viewer nor operator less than an open endpoint tells others.
 */
abstract class LessForStrangers implements OperationInvokerAdvisor {

	private final EndpointId endpoint;

	/**
	 * Create what reduces the answers of an endpoint.
	 */
	LessForStrangers(String endpoint) {
		this.endpoint = EndpointId.of(endpoint);
	}

	@Override
	public final OperationInvoker apply(EndpointId endpointId, OperationType operationType,
			OperationParameters parameters, OperationInvoker invoker) {
		if (!endpointId.equals(this.endpoint)) {
			return invoker;
		}
		return (context) -> {
			Object answer = invoker.invoke(context);
			return Roles.has(context.resolveArgument(SecurityContext.class)) ? answer : reduced(answer);
		};
	}

	/**
	 * What a stranger is told.
	 */
	abstract @Nullable Object reduced(@Nullable Object answer);

}
