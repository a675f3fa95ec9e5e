package dev.echod.admin;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.Environment;

/**
 * Says where the admin API is and how to log in, once it and the listeners are open.
 */
class AdminAnnouncement implements ApplicationListener<ContextRefreshedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(AdminAnnouncement.class);

	private final AdminBinding binding;

	private final WebEndpointProperties endpoints;

	private final AdminProperties properties;

	private final OperatorPassword password;

	private final AdminTls tls;

	AdminAnnouncement(AdminBinding binding, AdminTls tls, WebEndpointProperties endpoints, AdminProperties properties,
			OperatorPassword password) {
		this.binding = binding;
		this.tls = tls;
		this.endpoints = endpoints;
		this.properties = properties;
		this.password = password;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		// The admin API on a port of its own is a context of its own, and comes first.
		if (event.getApplicationContext().getParent() != null) {
			return;
		}
		Environment environment = event.getApplicationContext().getEnvironment();
		String port = environment.getProperty("local.management.port");
		if (port != null) {
			logger.info("Admin API on {} port {}, path {}{}: {}{}", this.binding.addresses().getLast(), port,
					path(environment), this.tls.isEnabled() ? ", by https" : "", login(), others());
		}
	}

	private String path(Environment environment) {
		boolean ownPort = ManagementPortType.get(environment) == ManagementPortType.DIFFERENT;
		return environment.getProperty(ownPort ? "management.server.base-path" : "spring.webflux.base-path", "")
				+ this.endpoints.getBasePath();
	}

	private String login() {
		String operator = this.properties.operator().name();
		if (this.password.generated()) {
			return "user '%s' has the generated password %s (echod.admin.operator.password sets it)".formatted(operator,
					this.password.text());
		}
		String viewer = this.properties.viewer().name();
		return viewer.isEmpty() ? "user '%s' has the configured password".formatted(operator)
				: "users '%s' and '%s' have the configured passwords".formatted(operator, viewer);
	}

	private String others() {
		String certificates = this.properties.x509().isSet() ? "; certificates are taken" : "";
		return certificates + (this.properties.jwt().claim().isEmpty() ? "" : "; tokens are taken");
	}

}
