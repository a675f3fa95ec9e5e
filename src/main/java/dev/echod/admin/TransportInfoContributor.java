package dev.echod.admin;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.echod.transport.EventLoops;
import dev.echod.transport.Transport;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Which transport is in use, and why others are not.
 */
class TransportInfoContributor implements InfoContributor {

	private final EventLoops eventLoops;

	TransportInfoContributor(EventLoops eventLoops) {
		this.eventLoops = eventLoops;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Map<String, String> others = new LinkedHashMap<>();
		for (Transport transport : Transport.values()) {
			if (transport != Transport.AUTO && transport != this.eventLoops.transport()) {
				String unavailability = transport.unavailability();
				others.put(transport.toString(), (unavailability != null) ? unavailability : "available");
			}
		}
		builder.withDetail("transport", Map.of("inUse", this.eventLoops.transport().toString(), "others", others));
	}

}
