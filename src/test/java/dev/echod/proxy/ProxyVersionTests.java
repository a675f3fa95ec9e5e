package dev.echod.proxy;

import java.net.InetSocketAddress;

import dev.echod.proxy.Reading.Last;
import dev.echod.proxy.Reading.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What is sent is what is read.
 */
@ParameterizedClass
@EnumSource
class ProxyVersionTests {

	@Parameter
	private ProxyVersion version = ProxyVersion.V1;

	@ParameterizedTest
	@ValueSource(strings = { "192.0.2.1", "2001:db8::1", "fe80::1%1" })
	void clientIsTheOneThatTheHeaderNames(String address) {
		InetSocketAddress client = new InetSocketAddress(address, 40_000);
		InetSocketAddress server = new InetSocketAddress(address.contains(":") ? "2001:db8::2" : "192.0.2.2", 8080);
		byte[] header = this.version.header(client, server);
		Outcome outcome = Reading.inAnyPieces(true, true, Last.FIN, header);
		assertThat(outcome.failure()).isNull();
		assertThat(outcome.taken()).isEqualTo(header.length);
		InetSocketAddress read = requireNonNull(requireNonNull(outcome.header()).client());
		assertThat(read.getAddress().getAddress()).isEqualTo(client.getAddress().getAddress());
		assertThat(read.getPort()).isEqualTo(40_000);
	}

	@Test
	void addressesOfTwoFamiliesAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.version.header(new InetSocketAddress("192.0.2.1", 1),
				new InetSocketAddress("2001:db8::2", 2)));
	}

}
