package dev.echod.admin;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;

/**
 * The login by a form, for people, and its end. A password is looked at as one of HTTP
 * basic is: who guesses waits, and is told of, just the same.
 */
class LoginRoutes {

	static final String LOGIN = "/login";

	static final String LOGOUT = "/logout";

	private static final String USERNAME = "username";

	private static final String PASSWORD = "password";

	private final Logins logins;

	private final Sessions sessions;

	private final Refusals refusals;

	private final String endpoints;

	LoginRoutes(Logins logins, Sessions sessions, Refusals refusals, WebEndpointProperties endpoints) {
		this.logins = logins;
		this.sessions = sessions;
		this.refusals = refusals;
		this.endpoints = endpoints.getBasePath();
	}

	RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route().POST(LOGIN, this::login).POST(LOGOUT, this::logout).GET("/me", this::me).build();
	}

	/**
	 * Whether a request is a login, which nothing has to authorise.
	 */
	static boolean isLogin(ServerWebExchange exchange) {
		return HttpMethod.POST.equals(exchange.getRequest().getMethod())
				&& exchange.getRequest().getPath().pathWithinApplication().value().equals(LOGIN);
	}

	private Mono<ServerResponse> login(ServerRequest request) {
		ServerWebExchange exchange = request.exchange();
		return form(request).flatMap((form) -> {
			String name = only(USERNAME, form);
			Refusals.claim(exchange, name);
			return this.logins.check(exchange,
					UsernamePasswordAuthenticationToken.unauthenticated(name, only(PASSWORD, form)));
		})
			.flatMap((user) -> loggedIn(exchange, user))
			.onErrorResume(AuthenticationException.class, (ex) -> BrowserRequests.isForPage(exchange)
					? failed(exchange, ex) : this.refusals.commence(exchange, ex).then(Mono.empty()));
	}

	/**
	 * The form that came. Whatever is wrong with it is wrong with what strangers sent: it
	 * is told them, and not logged.
	 */
	private static Mono<MultiValueMap<String, String>> form(ServerRequest request) {
		return Mono.defer(() -> {
			if (!request.headers().contentType().filter(MediaType.APPLICATION_FORM_URLENCODED::includes).isPresent()) {
				throw new ResponseStatusException(HttpStatus.UNSUPPORTED_MEDIA_TYPE,
						"A login is a form, application/x-www-form-urlencoded");
			}
			return request.body(BodyExtractors.toFormData());
		})
			.defaultIfEmpty(new LinkedMultiValueMap<>())
			.onErrorMap(DataBufferLimitException.class,
					(ex) -> new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE, ex.getMessage()))
			// A medium, a character set or an encoded character that is none.
			.onErrorMap(IllegalArgumentException.class,
					(ex) -> Failures.badRequest("The form cannot be read: it is no application/x-www-form-urlencoded"));
	}

	private static String only(String field, MultiValueMap<String, String> form) {
		List<String> values = form.get(field);
		if (values == null || values.size() != 1) {
			throw Failures.badRequest("A login takes '%s' and '%s', each once".formatted(USERNAME, PASSWORD));
		}
		return values.getFirst();
	}

	/**
	 * Begins a session with an id of its own, whatever the browser came with.
	 */
	private Mono<ServerResponse> loggedIn(ServerWebExchange exchange, Authentication user) {
		return endSession(exchange).then(Mono.defer(() -> {
			SessionCookie.set(exchange, this.sessions.begin(user).id());
			return BrowserRequests.isForPage(exchange) ? redirect(exchange, "/") : ServerResponse.noContent().build();
		}));
	}

	private Mono<ServerResponse> failed(ServerWebExchange exchange, AuthenticationException ex) {
		this.refusals.note(exchange, ex);
		return redirect(exchange, (ex instanceof TooManyFailuresException slowed)
				? "%s?wait=%d".formatted(LOGIN, slowed.seconds()) : LOGIN + "?wrong");
	}

	private static Mono<ServerResponse> redirect(ServerWebExchange exchange, String path) {
		return ServerResponse.seeOther(BrowserRequests.address(exchange, path)).build();
	}

	private Mono<ServerResponse> logout(ServerRequest request) {
		return endSession(request.exchange()).then(Mono.defer(() -> {
			SessionCookie.delete(request.exchange());
			return ServerResponse.noContent().build();
		}));
	}

	private Mono<Void> endSession(ServerWebExchange exchange) {
		return exchange.getPrincipal()
			.ofType(SessionLogin.class)
			.doOnNext((login) -> this.sessions.end(login.session()))
			.then();
	}

	private Mono<ServerResponse> me(ServerRequest request) {
		return Caller.of(request.exchange())
			.map((caller) -> new Me(caller.name(), caller.roles(), caller.isOperator(), caller.csrfToken(),
					BrowserRequests.address(request.exchange(), this.endpoints)))
			.flatMap((me) -> ServerResponse.ok().bodyValue(me));
	}

	/**
	 * Who is logged in.
	 *
	 * @param csrf what has to come with each change, in the header X-CSRF-Token; null
	 * where nothing has
	 * @param api where the endpoints are
	 */
	record Me(String name, List<String> roles, boolean operator, @Nullable String csrf, URI api) {

	}

}
