package dev.echod.admin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.echod.listener.Listener;
import dev.echod.listener.Listeners;
import dev.echod.tls.ReloadedBundles;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.info.SslInfo;
import org.springframework.boot.info.SslInfo.BundleInfo;
import org.springframework.boot.info.SslInfo.CertificateChainInfo;
import org.springframework.boot.info.SslInfo.CertificateInfo;
import org.springframework.boot.info.SslInfo.CertificateValidityInfo;

/**
 * The certificates of the SSL bundles, and how long they are still valid.
 */
@WebEndpoint(id = "certificates")
class CertificatesEndpoint {

	private final ReloadedBundles bundles;

	private final Listeners listeners;

	private final AdminTls adminTls;

	private final Clock clock;

	CertificatesEndpoint(ReloadedBundles bundles, Listeners listeners, AdminTls adminTls, Clock clock) {
		this.bundles = bundles;
		this.listeners = listeners;
		this.adminTls = adminTls;
		this.clock = clock;
	}

	@ReadOperation
	Certificates all() {
		List<CertificateDescriptor> all = new ArrayList<>();
		for (BundleInfo bundle : new SslInfo(this.bundles, this.clock).getBundles()) {
			for (CertificateChainInfo chain : bundle.getCertificateChains()) {
				for (CertificateInfo certificate : chain.getCertificates()) {
					add(bundle.getName(), chain.getAlias(), certificate, all);
				}
			}
		}
		all.sort(Comparator.comparing(CertificateDescriptor::validUntil));
		return new Certificates(all);
	}

	/**
	 * One that says nothing of how long it is valid is none of X.509, and none of TLS.
	 */
	private void add(String bundle, String alias, CertificateInfo certificate, List<CertificateDescriptor> all) {
		Instant from = certificate.getValidityStarts();
		Instant until = certificate.getValidityEnds();
		CertificateValidityInfo validity = certificate.getValidity();
		if (from != null && until != null && validity != null) {
			all.add(new CertificateDescriptor(bundle, alias, String.valueOf(certificate.getSubject()),
					String.valueOf(certificate.getIssuer()), from, until, daysUntil(until), validity.getStatus().name(),
					users(bundle), this.bundles.reloads(bundle).failure()));
		}
	}

	/**
	 * Whole days, and those since then are negative.
	 */
	private long daysUntil(Instant end) {
		return Math.floorDiv(Duration.between(this.clock.instant(), end).toSeconds(), Duration.ofDays(1).toSeconds());
	}

	private List<String> users(String bundle) {
		List<String> users = new ArrayList<>(this.listeners.all()
			.stream()
			.filter((listener) -> listener.bundleNames().contains(bundle))
			.map(Listener::name)
			.toList());
		if (this.adminTls.bundleNames().contains(bundle)) {
			users.add("admin");
		}
		return users;
	}

	/**
	 * All that there are, the one that expires first first.
	 */
	record Certificates(List<CertificateDescriptor> certificates) {

	}

	/**
	 * A certificate of a bundle, be it its own or an authority's of its chain.
	 *
	 * @param alias which chain of the bundle it belongs to
	 * @param daysLeft whole days until it expires; negative when it has
	 * @param usedBy listeners, and {@code admin} for the admin API
	 * @param stale why the bundle's last reload failed, so that this is in use still;
	 * null when it did not
	 */
	record CertificateDescriptor(String bundle, String alias, String subject, String issuer, Instant validFrom,
			Instant validUntil, long daysLeft, String status, List<String> usedBy, @Nullable String stale) {

	}

}
