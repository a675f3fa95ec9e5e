package dev.echod.client.load;

import java.net.InetAddress;
import java.util.List;

import dev.echod.client.ProbeRequest;
import dev.echod.proxy.ProxyVersion;
import org.jspecify.annotations.Nullable;

/**
 * How connections are made.
 *
 * @param tls how they are secured; null when they are not
 * @param proxyHeader what PROXY header they begin with; null for none
 * @param sources addresses of this machine that they come from, in turn; none for the one
 * that the system chooses
 */
record Link(ProbeRequest.@Nullable Tls tls, @Nullable ProxyVersion proxyHeader, List<InetAddress> sources) {

	/**
	 * Whether connections may come from each of the addresses: it is of the same family.
	 */
	boolean reaches(InetAddress target) {
		return this.sources.stream().allMatch((source) -> source.getClass().equals(target.getClass()));
	}

	/**
	 * Where a connection comes from; null where the system chooses.
	 * @param number of the connection, from 0
	 */
	@Nullable InetAddress source(int number) {
		return this.sources.isEmpty() ? null : this.sources.get(number % this.sources.size());
	}

}
