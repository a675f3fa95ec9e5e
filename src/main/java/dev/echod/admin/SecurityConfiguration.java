package dev.echod.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.echod.refusal.RefusedRequests;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.security.autoconfigure.actuate.web.reactive.EndpointRequest;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.reactive.ConfigurableReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.security.web.server.util.matcher.AndServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.OrServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Who may do what: health, info and prometheus are open, reading needs the viewer or the
 * operator, everything else the operator. HTTP basic, and where they are configured the
 * certificates and tokens of others, without sessions and cookies; these are for people
 * who log in by the form.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
class SecurityConfiguration {

	/**
	 * Endpoints that balancers and scrapers read without a name.
	 */
	private static final List<String> OPEN = List.of("health", "info", "prometheus");

	/**
	 * What people see before they have logged in.
	 */
	private static final String[] OPEN_PAGES = { LoginRoutes.LOGIN, "/assets/**" };

	private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?(::1|0:0:0:0:0:0:0:1)]?",
			Pattern.CASE_INSENSITIVE);

	@Bean
	PasswordEncoder passwordEncoder() {
		return new DelegatingPasswordEncoder("plain",
				Map.of("plain", new PlainPasswordEncoder(), "bcrypt", new BCryptPasswordEncoder()));
	}

	@Bean
	AdminBinding adminBinding(ServerProperties server, Environment environment) {
		return AdminBinding.of(server, environment);
	}

	@Bean
	AdminTls adminTls(ServerProperties server, Environment environment, SslBundles bundles) {
		return AdminTls.of(server, environment, bundles);
	}

	/**
	 * Has the TLS looked at before the web server is made, which says less of what is
	 * wrong.
	 */
	@Bean
	WebServerFactoryCustomizer<ConfigurableReactiveWebServerFactory> lookedAt(AdminTls tls) {
		return (factory) -> {
		};
	}

	@Bean
	OperatorPassword operatorPassword(AdminProperties properties, AdminBinding binding) {
		return OperatorPassword.of(properties.operator(), binding);
	}

	/**
	 * Not a password service: Security would hash plain passwords anew at their first
	 * use. Nor Security's map, to which names in capitals are the same.
	 */
	@Bean
	ReactiveUserDetailsService users(AdminProperties properties, OperatorPassword password) {
		List<UserDetails> users = new ArrayList<>();
		users.add(user(properties.operator().name(), password.text(), Roles.OPERATOR));
		AdminProperties.Viewer viewer = properties.viewer();
		if (!viewer.name().isEmpty()) {
			users.add(user(viewer.name(), viewer.password(), Roles.VIEWER));
		}
		Map<String, UserDetails> byName = users.stream()
			.collect(Collectors.toMap(UserDetails::getUsername, Function.identity()));
		return (name) -> Mono.justOrEmpty(byName.get(name)).map((user) -> User.withUserDetails(user).build());
	}

	private static UserDetails user(String name, String password, String role) {
		String encoded = password.startsWith(AdminProperties.BCRYPT) ? password : "{plain}" + password;
		return User.withUsername(name).password(encoded).roles(role).build();
	}

	@Bean
	RecordedRefusals recordedRefusals(ChangeAudit audit) {
		return new RecordedRefusals(audit, System::nanoTime);
	}

	@Bean
	RefusedRequests refusedRequests() {
		return new RefusedRequests();
	}

	@Bean
	Refusals refusals(RecordedRefusals records, RefusedRequests counts, Answers answers, AdminProperties properties,
			ObjectProvider<TokenChecks> tokens) {
		return new Refusals(records, counts, answers, names(properties), tokens.getIfAvailable() != null);
	}

	@Bean
	FailedLogins failedLogins(AdminProperties properties) {
		return new FailedLogins(names(properties), System::nanoTime);
	}

	@Bean
	PasswordChecks passwordChecks(ReactiveUserDetailsService users, PasswordEncoder encoder) {
		return new PasswordChecks(users, encoder, System::nanoTime);
	}

	static Set<String> names(AdminProperties properties) {
		return Set.of(properties.operator().name(), properties.viewer().name());
	}

	/**
	 * A page whose name was made to mean this machine (DNS rebinding) reaches nothing
	 * while the admin API is bound to it alone.
	 */
	@Bean
	StrictServerWebExchangeFirewall firewall(AdminBinding binding) {
		StrictServerWebExchangeFirewall firewall = new StrictServerWebExchangeFirewall();
		if (!binding.isExposed()) {
			firewall.setAllowedHostnames((name) -> LOOPBACK.matcher(name).matches());
		}
		return firewall;
	}

	@Bean
	Logins logins(AdminProperties properties, AdminTls tls, PasswordChecks passwords, FailedLogins failedLogins,
			ObjectProvider<TokenChecks> tokens, Sessions sessions, Refusals refusals) {
		return new Logins(properties, tls, passwords, failedLogins, tokens.getIfAvailable(), sessions, refusals);
	}

	@Bean
	Sessions sessions() {
		return new Sessions(System::nanoTime);
	}

	@Bean
	RouterFunction<ServerResponse> loginRoutes(Logins logins, Sessions sessions, Refusals refusals,
			WebEndpointProperties endpoints) {
		return new LoginRoutes(logins, sessions, refusals, endpoints).routes();
	}

	@Bean
	AnswerHeaders answerHeaders() {
		return new AnswerHeaders();
	}

	@Bean
	SecurityWebFilterChain adminApi(ServerHttpSecurity http, Logins logins, Refusals refusals) {
		ServerWebExchangeMatcher reading = new OrServerWebExchangeMatcher(CrossSiteFilter.READING.stream()
			.<ServerWebExchangeMatcher>map((method) -> new PathPatternParserServerWebExchangeMatcher("/**", method))
			.toList());
		ServerWebExchangeMatcher open = EndpointRequest.to(OPEN.toArray(String[]::new));
		logins.filters().forEach((login) -> http.addFilterAt(login, SecurityWebFiltersOrder.AUTHENTICATION));
		return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
			.logout(ServerHttpSecurity.LogoutSpec::disable)
			.requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
			.headers(ServerHttpSecurity.HeaderSpec::disable)
			.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
			.exceptionHandling((handling) -> handling.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
			.addFilterAt(new CrossSiteFilter(refusals), SecurityWebFiltersOrder.FIRST)
			.addFilterAfter(new CsrfFilter(refusals), SecurityWebFiltersOrder.SECURITY_CONTEXT_SERVER_WEB_EXCHANGE)
			.addFilterAt(new WholeBodyFilter(), SecurityWebFiltersOrder.LAST)
			.authorizeExchange((exchange) -> exchange.matchers(new AndServerWebExchangeMatcher(reading, open))
				.permitAll()
				.pathMatchers(HttpMethod.GET, OPEN_PAGES)
				.permitAll()
				.pathMatchers(HttpMethod.POST, LoginRoutes.LOGIN)
				.permitAll()
				.matchers(reading)
				.hasAnyRole(Roles.VIEWER, Roles.OPERATOR)
				.pathMatchers(HttpMethod.POST, LoginRoutes.LOGOUT)
				.hasAnyRole(Roles.VIEWER, Roles.OPERATOR)
				.anyExchange()
				.hasRole(Roles.OPERATOR))
			.build();
	}

}
