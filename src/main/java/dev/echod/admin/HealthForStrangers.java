package dev.echod.admin;

import java.util.Map;

import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;

/**
 * Tells who is neither viewer nor operator no more of the service's health than its
 * status: Boot names the groups to all.
 */
class HealthForStrangers implements OperationInvokerAdvisor {

	@Override
	public OperationInvoker apply(EndpointId endpointId, OperationType operationType, OperationParameters parameters,
			OperationInvoker invoker) {
		if (!endpointId.toString().equals("health")) {
			return invoker;
		}
		return (context) -> {
			Object health = invoker.invoke(context);
			return (Roles.has(context.resolveArgument(SecurityContext.class)) || !(health instanceof Mono<?> answer))
					? health : answer.map(HealthForStrangers::reduced);
		};
	}

	private static Object reduced(Object answer) {
		return (answer instanceof WebEndpointResponse<?> response
				&& response.getBody() instanceof HealthDescriptor health)
						? new WebEndpointResponse<>(Map.of("status", health.getStatus().getCode()),
								response.getStatus())
						: answer;
	}

}
