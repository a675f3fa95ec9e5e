package dev.echod.admin;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.http.server.PathContainer;
import org.springframework.security.core.Authentication;
import org.springframework.web.server.ServerWebExchange;

/**
 * What an endpoint is not told of a request.
 *
 * @param source where it came from; null when that is not known
 * @param lastSegment the end of its path, decoded
 */
record RequestDetails(@Nullable InetAddress source, String lastSegment) {

	static RequestDetails of(ServerWebExchange exchange) {
		InetSocketAddress remote = exchange.getRequest().getRemoteAddress();
		PathContainer.Element last = exchange.getRequest().getPath().elements().getLast();
		return new RequestDetails((remote != null) ? remote.getAddress() : null,
				(last instanceof PathContainer.PathSegment segment) ? segment.valueToMatch() : "");
	}

	/**
	 * Those of who has said who he is; null for strangers.
	 */
	static @Nullable RequestDetails of(@Nullable SecurityContext caller) {
		return (caller != null && caller.getPrincipal() instanceof Authentication authentication
				&& authentication.getDetails() instanceof RequestDetails details) ? details : null;
	}

}
