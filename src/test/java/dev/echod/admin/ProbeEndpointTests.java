package dev.echod.admin;

import java.security.Principal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import dev.echod.client.Probe;
import dev.echod.transport.EventLoops;
import dev.echod.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which threads a probe takes.
 */
class ProbeEndpointTests {

	private final List<String> threads = new CopyOnWriteArrayList<>();

	/**
	 * The JDK's own trust, and who asks for it.
	 */
	private SslBundle watched() {
		SslManagerBundle managers = SslBundle.systemDefault().getManagers();
		return SslBundle.of(SslStoreBundle.NONE, SslBundleKey.NONE, SslOptions.NONE, SslBundle.DEFAULT_PROTOCOL,
				new SslManagerBundle() {

					@Override
					public KeyManagerFactory getKeyManagerFactory() {
						return managers.getKeyManagerFactory();
					}

					@Override
					public TrustManagerFactory getTrustManagerFactory() {
						ProbeEndpointTests.this.threads.add(Thread.currentThread().getName());
						return managers.getTrustManagerFactory();
					}

				});
	}

	/**
	 * Who asks for a probe is an event loop of the admin API.
	 */
	@Test
	void tlsIsMadeOfItsBundleOnTheProbesThreads() {
		DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("out", watched());
		try (EventLoops eventLoops = EventLoops.start(Transport.NIO, 1)) {
			ProbeEndpoint endpoint = new ProbeEndpoint(new Probe(eventLoops, new DefaultListableBeanFactory()),
					new ChangeAudit(new AuditTrail()), bundles, new LastProbes(List.of()));
			try {
				assertThat(endpoint.probe(anonymous(), "127.0.0.1", 1, null, null, null, null, null, "out", null, null)
					.block()).returns(false, (probed) -> probed.echoed());
			}
			finally {
				endpoint.destroy();
			}
		}
		assertThat(this.threads).isNotEmpty().allMatch((thread) -> thread.startsWith("probe"));
	}

	private static SecurityContext anonymous() {
		return new SecurityContext() {

			@Override
			public @Nullable Principal getPrincipal() {
				return null;
			}

			@Override
			public boolean isUserInRole(String role) {
				return false;
			}

		};
	}

}
