package dev.echod.bench;

import dev.echod.framing.ByteArrayStreamSerializer;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.context.annotation.Bean;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.ip.dsl.Tcp;
import org.springframework.integration.ip.tcp.connection.AbstractServerConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionServerListeningEvent;
import org.springframework.integration.ip.tcp.connection.TcpNetServerConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpNioServerConnectionFactory;

/**
 * What an echo costs with Spring Integration as it comes: its gateway on its own
 * connection factory, {@code net} or {@code nio}.
 */
final class SpringEcho {

	private static final int BACKLOG = 4096;

	private SpringEcho() {
	}

	static void main(String[] arguments) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.registerBean(AbstractServerConnectionFactory.class, () -> connectionFactory(arguments[0]));
		context.register(Flow.class);
		context.registerShutdownHook();
		context.refresh();
	}

	private static AbstractServerConnectionFactory connectionFactory(String which) {
		AbstractServerConnectionFactory factory = switch (which) {
			case "net" -> new TcpNetServerConnectionFactory(0);
			case "nio" -> new TcpNioServerConnectionFactory(0);
			default -> throw new IllegalArgumentException(which);
		};
		factory.setLocalAddress("127.0.0.1");
		factory.setBacklog(BACKLOG);
		factory.setSoTcpNoDelay(true);
		// None of Spring's own hands on what has come, whatever that is.
		factory.setDeserializer(new ByteArrayStreamSerializer());
		factory.setSerializer(new ByteArrayStreamSerializer());
		return factory;
	}

	/**
	 * No component: the application's tests scan this package as well.
	 */
	@EnableIntegration
	static class Flow {

		@Bean
		IntegrationFlow echo(AbstractServerConnectionFactory factory) {
			return IntegrationFlow.from(Tcp.inboundGateway(factory))
				.handle(byte[].class, (payload, headers) -> payload)
				.get();
		}

		@EventListener
		void listening(TcpConnectionServerListeningEvent event) {
			Server.tellPort(event.getPort());
		}

	}

}
