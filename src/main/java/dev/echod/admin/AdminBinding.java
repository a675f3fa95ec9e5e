package dev.echod.admin;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.env.Environment;

/**
 * Where the admin API can be reached, whichever properties bind it.
 *
 * @param addresses those it is bound to, as text
 * @param isExposed whether other machines may reach it
 */
record AdminBinding(List<String> addresses, boolean isExposed) {

	static AdminBinding of(ServerProperties server, Environment environment) {
		List<@Nullable InetAddress> addresses = new ArrayList<>();
		addresses.add(server.getAddress());
		if (ManagementPortType.get(environment) == ManagementPortType.DIFFERENT) {
			addresses.add(Binder.get(environment).bind("management.server.address", InetAddress.class).orElse(null));
		}
		return new AdminBinding(addresses.stream().map(AdminBinding::text).toList(),
				!addresses.stream().allMatch(AdminBinding::isLoopback));
	}

	private static boolean isLoopback(@Nullable InetAddress address) {
		return address != null && address.isLoopbackAddress();
	}

	private static String text(@Nullable InetAddress address) {
		return (address != null) ? address.getHostAddress() : "all addresses";
	}

	@Override
	public String toString() {
		return String.join(" and ", this.addresses);
	}

}
