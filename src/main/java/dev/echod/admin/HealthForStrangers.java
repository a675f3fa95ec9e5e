package dev.echod.admin;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;

/**
 * Tells who is neither viewer nor operator no more of the service's health than its
 * status: Boot names the groups to all.
 */
class HealthForStrangers extends LessForStrangers {

	HealthForStrangers() {
		super("health");
	}

	@Override
	@Nullable Object reduced(@Nullable Object answer) {
		return (answer instanceof Mono<?> health) ? health.map(HealthForStrangers::status) : answer;
	}

	private static Object status(Object answer) {
		return (answer instanceof WebEndpointResponse<?> response
				&& response.getBody() instanceof HealthDescriptor health)
						? new WebEndpointResponse<>(Map.of("status", health.getStatus().getCode()),
								response.getStatus())
						: answer;
	}

}
