package dev.echod.training;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import dev.echod.listener.Listener;
import dev.echod.listener.Listeners;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * The service with a listener of each kind, on free ports of the loopback address.
 */
final class TrainedService implements AutoCloseable {

	private static final String LOOPBACK = "127.0.0.1";

	/**
	 * Those of the profile {@code training}, and the default one.
	 */
	private static final List<String> LISTENERS = List.of("echo", "lf", "crlf", "length-1", "length-2", "length-4",
			"stx-etx", "discard", "chat", "http", "relay", "thread", "serial", "selector", "proxied", "secured");

	private final ConfigurableApplicationContext context;

	private final String password;

	private TrainedService(ConfigurableApplicationContext context, String password) {
		this.context = context;
		this.password = password;
	}

	static TrainedService start(SpringApplication service, Certificate certificate) throws IOException {
		String password = UUID.randomUUID().toString();
		int upstream = freePort();
		// What is configured here is for the service that is served: its listeners have
		// ports of their own.
		List<String> arguments = new ArrayList<>(
				List.of("--spring.config.location=classpath:/", "--server.address=" + LOOPBACK, "--server.port=0",
						"--echod.admin.operator.name=operator", "--echod.admin.operator.password=" + password,
						"--spring.ssl.bundle.jks.training.keystore.location=" + certificate.store().toUri(),
						"--spring.ssl.bundle.jks.training.keystore.password=" + Certificate.PASSWORD,
						"--spring.ssl.bundle.jks.training.keystore.type=PKCS12"));
		for (String listener : LISTENERS) {
			arguments.add("--echod.listeners.%s.enabled=true".formatted(listener));
			arguments.add("--echod.listeners.%s.address=%s".formatted(listener, LOOPBACK));
			// A relay has to know where it relays to.
			arguments.add("--echod.listeners.%s.port=%d".formatted(listener, listener.equals("lf") ? upstream : 0));
		}
		arguments.add("--echod.listeners.relay.relay.port=" + upstream);
		service.setAdditionalProfiles("training");
		return new TrainedService(service.run(arguments.toArray(String[]::new)), password);
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(LOOPBACK))) {
			return socket.getLocalPort();
		}
	}

	/**
	 * The port of a listener.
	 */
	int port(String listener) {
		Listener known = this.context.getBean(Listeners.class).named(listener);
		return Objects.requireNonNull(known, listener).address().getPort();
	}

	/**
	 * The admin API, as its operator sees it.
	 */
	AdminCalls admin() {
		Environment environment = this.context.getEnvironment();
		int port = environment.getRequiredProperty("local.server.port", Integer.class);
		return new AdminCalls(port, "operator:" + this.password);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
