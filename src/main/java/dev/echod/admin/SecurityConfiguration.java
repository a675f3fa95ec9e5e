package dev.echod.admin;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;

/**
 * Who may do what: health, info and prometheus are open, reading needs the viewer or the
 * operator, everything else the operator. HTTP basic, without sessions and cookies.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
class SecurityConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(SecurityConfiguration.class);

	private static final int GENERATED_BYTES = 18;

	@Bean
	PasswordEncoder passwordEncoder() {
		return new DelegatingPasswordEncoder("plain",
				Map.of("plain", new PlainPasswordEncoder(), "bcrypt", new BCryptPasswordEncoder()));
	}

	/**
	 * Not a password service: Security would hash plain passwords anew at their first
	 * use.
	 */
	@Bean
	ReactiveUserDetailsService users(AdminProperties properties, ServerProperties server) {
		List<UserDetails> users = new ArrayList<>();
		AdminProperties.Operator operator = properties.operator();
		users.add(user(operator.name(), operatorPassword(operator, server.getAddress()), "OPERATOR"));
		AdminProperties.Viewer viewer = properties.viewer();
		if (!viewer.name().isEmpty()) {
			users.add(user(viewer.name(), viewer.password(), "VIEWER"));
		}
		MapReactiveUserDetailsService known = new MapReactiveUserDetailsService(users);
		return (name) -> known.findByUsername(name);
	}

	private static String operatorPassword(AdminProperties.Operator operator, @Nullable InetAddress address) {
		if (!operator.password().isEmpty()) {
			return operator.password();
		}
		if (address == null || !address.isLoopbackAddress()) {
			throw new ExposedAdminException(address);
		}
		byte[] random = new byte[GENERATED_BYTES];
		new SecureRandom().nextBytes(random);
		String password = Base64.getUrlEncoder().encodeToString(random);
		logger.info("The admin API's user '{}' has the generated password {} (echod.admin.operator.password sets it)",
				operator.name(), password);
		return password;
	}

	private static UserDetails user(String name, String password, String role) {
		String encoded = password.startsWith("{bcrypt}") ? password : "{plain}" + password;
		return User.withUsername(name).password(encoded).roles(role).build();
	}

	@Bean
	SecurityWebFilterChain adminApi(ServerHttpSecurity http, ServerProperties server, ChangeAudit audit) {
		Refusals refusals = new Refusals(audit);
		InetAddress address = server.getAddress();
		boolean onLoopback = address != null && address.isLoopbackAddress();
		return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
			.logout(ServerHttpSecurity.LogoutSpec::disable)
			.requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
			.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
			.httpBasic((basic) -> basic.authenticationEntryPoint(refusals))
			.exceptionHandling((handling) -> handling.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
			.addFilterAt(new CrossSiteFilter(onLoopback, refusals), SecurityWebFiltersOrder.FIRST)
			.authorizeExchange((exchange) -> exchange
				.pathMatchers(HttpMethod.GET, "/actuator/health/**", "/actuator/info", "/actuator/prometheus")
				.permitAll()
				.pathMatchers(HttpMethod.GET, "/**")
				.hasAnyRole("VIEWER", "OPERATOR")
				.anyExchange()
				.hasRole("OPERATOR"))
			.build();
	}

}
