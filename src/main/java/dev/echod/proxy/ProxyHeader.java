package dev.echod.proxy;

import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * What a PROXY header says.
 *
 * @param client where the proxied connection comes from; null when it comes from the
 * proxy itself, as its health checks do, or from where has no address of IP
 */
record ProxyHeader(@Nullable InetSocketAddress client) {

	static final ProxyHeader NO_CLIENT = new ProxyHeader(null);

}
