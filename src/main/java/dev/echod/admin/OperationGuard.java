package dev.echod.admin;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import dev.echod.connection.AddressRange;
import dev.echod.connection.Times;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.MissingParametersException;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.invoke.ParameterMappingException;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.logging.LogLevel;

/**
 * Takes only what the endpoints know, Boot's as well as echod's: a name that none of an
 * operation's parameters has, and a value that is none of what its parameter takes, are
 * the caller's errors, told in one sentence that says what is allowed. A misspelt
 * {@code dryRun} closes nothing. Reading health, info, metrics and prometheus is open to
 * what balancers and scrapers add.
 */
class OperationGuard implements OperationInvokerAdvisor {

	/**
	 * The endpoints whose reading is guarded, too.
	 */
	private static final Set<String> READ = Set.of("listeners", "connections", "closedconnections", "bulkclose",
			"drain", "auditevents", "certificates");

	/**
	 * What paths end with. A parameter or field of that name would take their place.
	 */
	private static final Set<String> SELECTORS = Set.of("id", "name");

	/**
	 * A logger's level. Null resets it, so to leave it away has to mean something else.
	 */
	private static final String LEVEL = "configuredLevel";

	/**
	 * What a probe sends: any text, if none at all.
	 */
	private static final String PAYLOAD = "payload";

	/**
	 * Of a text, in characters, but for what is sent.
	 */
	private static final int MOST_CHARACTERS = 500;

	@Override
	public OperationInvoker apply(EndpointId endpointId, OperationType operationType, OperationParameters parameters,
			OperationInvoker invoker) {
		if (operationType == OperationType.READ && !READ.contains(endpointId.toString())) {
			return (context) -> found(invoker.invoke(context), endpointId, context);
		}
		List<String> known = parameters.stream()
			.filter((parameter) -> parameter.getType() != SecurityContext.class)
			.map(OperationParameter::getName)
			.toList();
		return (context) -> {
			if (operationType == OperationType.DELETE) {
				checkNoBody(context);
			}
			if (known.contains(LEVEL) && !context.getArguments().containsKey(LEVEL)) {
				context.getArguments().keySet().forEach((name) -> checkKnown(name, known));
				throw Failures.badRequest(
						"'%s' is missing: it takes %s, or null to reset it".formatted(LEVEL, allowed(LogLevel.class)));
			}
			return invoke(invoker, context, known, operationType == OperationType.WRITE);
		};
	}

	/**
	 * Boot's endpoints tell by nothing that there is none.
	 */
	private static @Nullable Object found(@Nullable Object answer, EndpointId endpointId, InvocationContext context) {
		RequestDetails request = RequestDetails.of(context.resolveArgument(SecurityContext.class));
		boolean nothing = answer == null || (answer instanceof WebEndpointResponse<?> response
				&& response.getStatus() == WebEndpointResponse.STATUS_NOT_FOUND && response.getBody() == null);
		if (nothing && request != null) {
			throw Failures.notFound("entry of " + endpointId, request.lastSegment());
		}
		return answer;
	}

	/**
	 * Nobody looks at it: what stands in it would be left out.
	 */
	private static void checkNoBody(InvocationContext context) {
		RequestDetails request = RequestDetails.of(context.resolveArgument(SecurityContext.class));
		if (request != null && request.hasBody()) {
			throw Failures.badRequest("DELETE takes no body; parameters go behind the path, as in ?reason=maintenance");
		}
	}

	private static @Nullable Object invoke(OperationInvoker invoker, InvocationContext context, List<String> known,
			boolean fields) {
		context.getArguments().forEach((name, value) -> check(name, value, context, known, fields));
		try {
			return invoker.invoke(context);
		}
		catch (MissingParametersException ex) {
			throw Failures.badRequest(ex.getMissingParameters()
				.stream()
				.map((parameter) -> "'%s' is missing: it takes %s".formatted(parameter.getName(),
						allowed(parameter.getType())))
				.sorted()
				.collect(Collectors.joining("; ")));
		}
		catch (ParameterMappingException ex) {
			OperationParameter parameter = ex.getParameter();
			String allowed = (parameter.getType() == AddressRange.class)
					? AddressRange.allowedInsteadOf(String.valueOf(ex.getValue())) : allowed(parameter.getType());
			throw Failures.badRequest("'%s' takes %s, not '%s'".formatted(parameter.getName(), allowed, ex.getValue()));
		}
		catch (IllegalArgumentException ex) {
			throw Failures.badRequest(String.valueOf(ex.getMessage()));
		}
	}

	private static void check(String name, @Nullable Object value, InvocationContext context, List<String> known,
			boolean field) {
		checkKnown(name, known);
		if (value instanceof Collection<?>) {
			throw Failures.badRequest("'%s' is given more than once".formatted(name));
		}
		if (!name.equals(PAYLOAD)) {
			checkText(name, (value != null) ? value.toString() : null, field);
		}
		RequestDetails request = RequestDetails.of(context.resolveArgument(SecurityContext.class));
		if (SELECTORS.contains(name) && request != null && !request.lastSegment().equals(value)) {
			throw Failures.badRequest("'%s' is given by the path".formatted(name));
		}
	}

	private static void checkKnown(String name, List<String> known) {
		if (!known.contains(name)) {
			String allowed = String.join(", ", known.stream().filter((each) -> !SELECTORS.contains(each)).toList());
			throw Failures.badRequest(allowed.isEmpty() ? "'%s' is not known; nothing can be given here".formatted(name)
					: "'%s' is not known; known are %s".formatted(name, allowed));
		}
	}

	/**
	 * Checks that a text says something. A field that is null is as one that is not
	 * given.
	 */
	private static void checkText(String name, @Nullable String text, boolean field) {
		if ((text != null) ? text.isBlank() : !field) {
			throw Failures.badRequest("'%s' has no value".formatted(name));
		}
		if (text != null && text.length() > MOST_CHARACTERS) {
			throw Failures.badRequest("'%s' is longer than %d characters".formatted(name, MOST_CHARACTERS));
		}
	}

	private static String allowed(Class<?> type) {
		if (type.isEnum()) {
			return Arrays.stream(Objects.requireNonNull(type.getEnumConstants()))
				.map(Object::toString)
				.collect(Collectors.joining(" or "));
		}
		if (type == Duration.class) {
			return Times.ALLOWED;
		}
		if (type == OffsetDateTime.class) {
			return "a time such as 2026-01-31T12:00:00Z";
		}
		if (type == AddressRange.class) {
			return AddressRange.ALLOWED;
		}
		if (type == Boolean.class || type == boolean.class) {
			return "true or false";
		}
		return (type == Integer.class || type == int.class) ? "a whole number" : "a text";
	}

}
