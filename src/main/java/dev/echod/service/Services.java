package dev.echod.service;

import dev.echod.framing.Framing;
import dev.echod.tls.ClientTls;
import dev.echod.transport.ConnectionGroup;
import dev.echod.transport.DiscardHandler;
import dev.echod.transport.EventLoops;
import dev.echod.transport.Frames;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.integration.core.GenericHandler;

/**
 * Makes services by their names: the built-in ones, and any bean that handles byte
 * arrays.
 */
public class Services {

	public static final String ECHO = "echo";

	public static final String DISCARD = "discard";

	public static final String BROADCAST = "broadcast";

	public static final String HTTP = "http";

	public static final String RELAY = "relay";

	private static final ResolvableType HANDLER = ResolvableType.forClassWithGenerics(GenericHandler.class,
			byte[].class);

	private final EventLoops eventLoops;

	private final AutowireCapableBeanFactory beanFactory;

	public Services(EventLoops eventLoops, AutowireCapableBeanFactory beanFactory) {
		this.eventLoops = eventLoops;
		this.beanFactory = beanFactory;
	}

	/**
	 * Whether there is a service of this name.
	 */
	public boolean exists(String name) {
		return switch (name) {
			case ECHO, DISCARD, BROADCAST, HTTP, RELAY -> true;
			default -> this.beanFactory instanceof ListableBeanFactory beans && beans.containsBean(name)
					&& beans.isTypeMatch(name, HANDLER);
		};
	}

	/**
	 * The echo service (RFC 862).
	 */
	public Service echo(String beanName) {
		return Service.inline(initialize(new EchoService(), beanName));
	}

	/**
	 * The discard service (RFC 863).
	 */
	public Service discard() {
		return Service.inline(new DiscardHandler());
	}

	/**
	 * Each message goes to all connections of the listener, in the same order to all.
	 * @param includeSender whether to the one that it came from as well
	 */
	public Service broadcast(Framing framing, boolean includeSender) {
		ConnectionGroup group = new ConnectionGroup(framing);
		return new Service((message) -> group.send(message, includeSender), Service.Payload.BUFFER, false, group, null);
	}

	/**
	 * A small HTTP server.
	 */
	public Service http(String beanName) {
		return Service.inline(initialize(new HandlerService<>(new HttpService()), beanName));
	}

	/**
	 * Each message goes to another service, and its reply comes back.
	 * @param tls of the connections to it; null when they are not secured
	 */
	public Service relay(String beanName, RelayProperties properties, Frames frames, @Nullable ClientTls tls) {
		Relay relay = new Relay(properties, () -> new UpstreamConnection(beanName + ".upstream", properties, frames,
				tls, this.eventLoops, this.beanFactory));
		return new Service(initialize(new HandlerService<>(relay), beanName), Service.Payload.BYTES, true, null, relay);
	}

	/**
	 * A bean that handles byte arrays.
	 */
	public Service bean(String name, String beanName) {
		@SuppressWarnings("unchecked")
		GenericHandler<byte[]> handler = (GenericHandler<byte[]>) this.beanFactory.getBean(name);
		return new Service(initialize(new HandlerService<>(handler), beanName), Service.Payload.BYTES, true, null,
				null);
	}

	@SuppressWarnings("unchecked")
	private <T> T initialize(T component, String beanName) {
		return (T) this.beanFactory.initializeBean(component, beanName);
	}

}
