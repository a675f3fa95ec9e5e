package dev.echod.listener;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

import dev.echod.connection.Acceptor;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.ConnectionTotals;
import dev.echod.framing.Framing;
import dev.echod.proxy.ProxyProtocol;
import dev.echod.service.Service;
import dev.echod.tls.ServerTls;
import dev.echod.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.Lifecycle;

/**
 * A named address and port on which connections are accepted and served.
 */
public class Listener {

	private static final Logger logger = LoggerFactory.getLogger(Listener.class);

	private final ListenerSettings settings;

	private final Transport transport;

	private final ConnectionRegistry registry;

	private final Acceptor acceptor;

	private final Lifecycle endpoint;

	private final Service.@Nullable Upstream upstream;

	private final ListenerLimits limits;

	/**
	 * Create a listener.
	 * @param endpoint starts and stops the acceptor
	 * @param upstream what the service depends on; null when on nothing
	 */
	Listener(ListenerSettings settings, Transport transport, ConnectionRegistry registry, Acceptor acceptor,
			Lifecycle endpoint, Service.@Nullable Upstream upstream, ListenerLimits limits) {
		this.settings = settings;
		this.transport = transport;
		this.registry = registry;
		this.acceptor = acceptor;
		this.endpoint = endpoint;
		this.upstream = upstream;
		this.limits = limits;
	}

	public String name() {
		return this.settings.name();
	}

	public Concurrency concurrency() {
		return this.settings.properties().concurrency();
	}

	public Framing framing() {
		return this.settings.properties().framing();
	}

	/**
	 * The service's name; of concurrency process, its command.
	 */
	public String service() {
		ListenerProperties properties = this.settings.properties();
		return (properties.concurrency() == Concurrency.PROCESS) ? String.join(" ", properties.command())
				: properties.service();
	}

	/**
	 * Where the listener accepts connections, with the real port; when it does not, where
	 * it is configured to.
	 */
	public InetSocketAddress address() {
		return new InetSocketAddress(this.settings.properties().address(), this.acceptor.getPort());
	}

	public ListenerState state() {
		if (this.acceptor.isListening()) {
			return ListenerState.ACCEPTING;
		}
		return this.acceptor.isRunning() ? ListenerState.PAUSED : ListenerState.STOPPED;
	}

	/**
	 * The transport in use, as the property names it: {@code io-uring}; the JDK's,
	 * {@code nio}, where no event loop serves.
	 */
	public String transport() {
		return ((concurrency() == Concurrency.EVENT_LOOP) ? this.transport : Transport.NIO).toString();
	}

	/**
	 * Whether the service depends on something that may be out of reach.
	 */
	public boolean hasUpstream() {
		return this.upstream != null;
	}

	/**
	 * Looks whether what the service depends on can be reached, for a second at most.
	 * @return what is wrong; null when nothing is
	 */
	public @Nullable String checkUpstream() {
		String failure = (this.upstream != null) ? this.upstream.check() : null;
		return (this.upstream != null && failure != null)
				? "upstream %s: %s".formatted(this.upstream.address(), failure) : null;
	}

	/**
	 * What secures its connections; null when nothing does.
	 */
	public @Nullable ServerTls tls() {
		return this.settings.tls();
	}

	/**
	 * The names of the SSL bundles that it uses, also towards its upstream.
	 */
	public Set<String> bundleNames() {
		Set<String> names = new LinkedHashSet<>();
		if (tls() != null) {
			names.addAll(tls().bundleNames());
		}
		if (this.settings.upstreamTls() != null) {
			names.add(this.settings.properties().relay().tls().bundle());
		}
		return names;
	}

	/**
	 * Whether connections begin with a PROXY header, and whose is believed.
	 */
	public ProxyProtocol proxyProtocol() {
		return this.settings.properties().proxyProtocol();
	}

	/**
	 * Which addresses may come in.
	 */
	public ListenerProperties.Access access() {
		return this.settings.properties().access();
	}

	/**
	 * The limits that hold now.
	 */
	public ListenerProperties.Limits limits() {
		return this.limits.current();
	}

	/**
	 * Checks limits that are to come.
	 * @throws InvalidConfigurationPropertyValueException if one is not allowed here; it
	 * names the property and what is
	 */
	public void checkLimits(ListenerProperties.Limits next) {
		this.limits.rates(next);
	}

	/**
	 * Changes the limits, until the next start. Who is inside stays, also where they are
	 * more than may come in now.
	 * @return those before
	 * @throws InvalidConfigurationPropertyValueException if one is not allowed here
	 */
	public ListenerProperties.Limits changeLimits(UnaryOperator<ListenerProperties.Limits> change) {
		return this.limits.change(change);
	}

	/**
	 * What its connections amount to since the start.
	 */
	public ConnectionTotals totals() {
		return this.registry.totals(name());
	}

	/**
	 * Stops accepting; new clients are refused, open connections are kept.
	 */
	public void pause() {
		this.acceptor.pauseAccepting();
	}

	/**
	 * Accepts again.
	 * @throws ListenerBindException if the address was taken in the meantime
	 */
	public void resume() {
		try {
			this.acceptor.resumeAccepting();
		}
		catch (UncheckedIOException ex) {
			throw new ListenerBindException(name(), address(), Objects.requireNonNull(ex.getCause()));
		}
	}

	/**
	 * Starts to accept connections.
	 * @throws ListenerBindException if the address cannot be bound
	 */
	public void start() {
		try {
			checkFamily();
			if (this.upstream != null) {
				this.upstream.start();
			}
			this.endpoint.start();
			this.limits.watch().start(name());
		}
		catch (UncheckedIOException ex) {
			throw new ListenerBindException(name(), address(), Objects.requireNonNull(ex.getCause()));
		}
		logger.info("Listener '{}' accepts connections on {} port {} ({}transport {}, framing {}, service {})", name(),
				address().getAddress().getHostAddress(), address().getPort(),
				(concurrency() == Concurrency.EVENT_LOOP) ? "" : "concurrency " + concurrency() + ", ", transport(),
				framing(), service());
	}

	/**
	 * Not each way to serve finds out for itself: some would listen on IPv4 then.
	 */
	private void checkFamily() {
		if (this.settings.properties().address() instanceof Inet6Address) {
			try {
				ServerSocketChannel.open(StandardProtocolFamily.INET6).close();
			}
			catch (UnsupportedOperationException ex) {
				throw new UncheckedIOException(new BindException("IPv6 is not available here"));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/**
	 * Stops accepting and closes the open connections in order.
	 */
	public void stop() {
		try {
			this.endpoint.stop();
		}
		finally {
			this.limits.watch().stop();
			if (this.upstream != null) {
				this.upstream.stop();
			}
		}
	}

}
