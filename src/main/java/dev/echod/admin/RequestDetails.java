package dev.echod.admin;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.core.Authentication;
import org.springframework.web.server.ServerWebExchange;

/**
 * What an endpoint is not told of a request.
 *
 * @param source where it came from; null when that is not known
 * @param lastSegment the end of its path, decoded; empty where the path has none, as that
 * of {@code OPTIONS *}
 * @param hasBody whether it has a body, empty or not
 */
record RequestDetails(@Nullable InetAddress source, String lastSegment, boolean hasBody) {

	static RequestDetails of(ServerWebExchange exchange) {
		ServerHttpRequest request = exchange.getRequest();
		InetSocketAddress remote = request.getRemoteAddress();
		List<PathContainer.Element> path = request.getPath().elements();
		HttpHeaders headers = request.getHeaders();
		return new RequestDetails((remote != null) ? address(remote) : null,
				(!path.isEmpty() && path.getLast() instanceof PathContainer.PathSegment segment)
						? segment.valueToMatch() : "",
				headers.getContentLength() > 0 || headers.getFirst(HttpHeaders.TRANSFER_ENCODING) != null);
	}

	/**
	 * What a proxy forwarded is a text, and unresolved.
	 */
	private static @Nullable InetAddress address(InetSocketAddress remote) {
		if (!remote.isUnresolved()) {
			return remote.getAddress();
		}
		try {
			return InetAddress.ofLiteral(remote.getHostString());
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Those of who has said who he is; null for strangers.
	 */
	static @Nullable RequestDetails of(@Nullable SecurityContext caller) {
		return (caller != null && caller.getPrincipal() instanceof Authentication authentication
				&& authentication.getDetails() instanceof RequestDetails details) ? details : null;
	}

}
