package dev.echod.admin;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.authentication.preauth.x509.SubjectX500PrincipalExtractor;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;

/**
 * Takes a client's certificate for its login. TLS has verified it: what is left to say is
 * what its owner may. Who sends a user name and password, or a token, besides, is taken
 * for that alone.
 */
class CertificateLogins implements ServerAuthenticationConverter {

	/**
	 * No user name of HTTP basic has a colon (RFC 7617), so that the audit tells one from
	 * the other.
	 */
	static final String PREFIX = "certificate:";

	/**
	 * E-mail addresses, DNS names and URIs, among the general names of RFC 5280.
	 */
	private static final Set<Integer> NAMES = Set.of(1, 2, 6);

	private final SubjectX500PrincipalExtractor commonName = new SubjectX500PrincipalExtractor();

	private final CertificateName principal;

	private final Roles roles;

	CertificateLogins(AdminProperties.X509 properties) {
		this.principal = properties.principal();
		this.roles = Roles.of(properties.operators(), properties.viewers());
	}

	@Override
	public Mono<Authentication> convert(ServerWebExchange exchange) {
		SslInfo tls = exchange.getRequest().getSslInfo();
		X509Certificate[] certificates = (tls != null) ? tls.getPeerCertificates() : null;
		boolean hasOther = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION) != null;
		if (hasOther || certificates == null || certificates.length == 0) {
			return Mono.empty();
		}
		return Mono.just(login(certificates[0]));
	}

	Authentication login(X509Certificate certificate) {
		return new PreAuthenticatedAuthenticationToken(PREFIX + certificate.getSubjectX500Principal().getName(),
				certificate,
				this.roles.of((this.principal == CertificateName.CN) ? commonName(certificate) : names(certificate)));
	}

	private List<String> commonName(X509Certificate certificate) {
		try {
			return List.of((String) this.commonName.extractPrincipal(certificate));
		}
		catch (BadCredentialsException ex) {
			return List.of();
		}
	}

	private static List<String> names(X509Certificate certificate) {
		try {
			Collection<List<?>> names = certificate.getSubjectAlternativeNames();
			return (names == null) ? List.of()
					: names.stream()
						.filter((name) -> NAMES.contains(name.getFirst()))
						.map((name) -> String.valueOf(name.getLast()))
						.toList();
		}
		catch (CertificateParsingException ex) {
			return List.of();
		}
	}

}
