package dev.echod.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;

/**
 * Tells who is neither viewer nor operator no more than the service's name and version.
 */
class InfoForStrangers implements OperationInvokerAdvisor {

	private static final String BUILD = "build";

	private static final List<String> TOLD = List.of("name", "version");

	@Override
	public OperationInvoker apply(EndpointId endpointId, OperationType operationType, OperationParameters parameters,
			OperationInvoker invoker) {
		if (!endpointId.toString().equals("info")) {
			return invoker;
		}
		return (context) -> {
			Object info = invoker.invoke(context);
			return Roles.has(context.resolveArgument(SecurityContext.class)) ? info : reduced(info);
		};
	}

	private static Map<String, Object> reduced(@Nullable Object info) {
		Map<Object, Object> told = new LinkedHashMap<>();
		if (info instanceof Map<?, ?> all && all.get(BUILD) instanceof Map<?, ?> build) {
			told.putAll(build);
			told.keySet().retainAll(TOLD);
		}
		return Map.of(BUILD, told);
	}

}
