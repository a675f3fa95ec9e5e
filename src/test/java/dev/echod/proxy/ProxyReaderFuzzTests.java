package dev.echod.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.echod.connection.Addresses;
import dev.echod.connection.CloseReason;
import dev.echod.proxy.Reading.Last;
import dev.echod.proxy.Reading.Outcome;
import dev.echod.testing.ProxyHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever comes in, in whatever pieces: what is made of it is the same, no more of it is
 * taken than a header may have, and nobody is believed who is not trusted. A build runs
 * the inputs that are stored; the profile {@code full} searches for others.
 */
class ProxyReaderFuzzTests {

	@FuzzTest(maxDuration = "30s")
	void readerTakesAnyBytes(byte[] bytes) {
		for (Last last : Last.values()) {
			Outcome required = Reading.inAnyPieces(true, true, last, bytes);
			Outcome optional = Reading.inAnyPieces(false, true, last, bytes);
			Outcome untrusted = Reading.inAnyPieces(false, false, last, bytes);
			for (Outcome outcome : new Outcome[] { required, optional, untrusted }) {
				assertThat(outcome.taken()).isLessThanOrEqualTo(Math.min(bytes.length, 4096));
				assertThat(outcome.header() == null || outcome.failure() == null).isTrue();
				assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).startsWith(outcome.data());
			}
			assertThat(required.failure() == null).isEqualTo(required.header() != null);
			assertThat(optional.header()).isEqualTo(required.header());
			assertThat(optional.data().length()).isLessThanOrEqualTo(12);
			assertThat(untrusted.header()).isNull();
			if (optional.failure() != null || optional.header() != null) {
				assertThat(untrusted.failure()).isEqualTo(CloseReason.PROXY_UNTRUSTED);
			}
			else {
				assertThat(untrusted).isEqualTo(optional);
			}
		}
	}

	@FuzzTest(maxDuration = "30s")
	void readerFindsTheClientOfAnyHeader(FuzzedDataProvider data) throws UnknownHostException {
		boolean ipv6 = data.consumeBoolean();
		byte[] address = new byte[ipv6 ? 16 : 4];
		byte[] some = data.consumeBytes(address.length);
		System.arraycopy(some, 0, address, 0, some.length);
		InetSocketAddress client = new InetSocketAddress(InetAddress.getByAddress(address), data.consumeInt(0, 0xffff));
		byte[] header = data.consumeBoolean() ? line(client, ipv6) : binary(client, data);
		byte[] bytes = ProxyHeaders.join(header, data.consumeRemainingAsBytes());
		Outcome outcome = Reading.inAnyPieces(data.consumeBoolean(), true, Last.FIN, bytes);
		assertThat(outcome).isEqualTo(new Outcome(new ProxyHeader(client), "", header.length, null));
	}

	private static byte[] line(InetSocketAddress client, boolean ipv6) {
		String family = ipv6 ? "TCP6" : "TCP4";
		String prefix = (ipv6 && client.getAddress().getAddress().length == 4) ? "::ffff:" : "";
		String address = prefix + Addresses.text(client.getAddress());
		return ProxyHeaders
			.text("PROXY %s %s %s %d 65535".formatted(family, address, ipv6 ? "::1" : "192.0.2.1", client.getPort()));
	}

	private static byte[] binary(InetSocketAddress client, FuzzedDataProvider data) {
		byte[] fields = new byte[0];
		for (int left = data.consumeInt(0, 8); left > 0; left--) {
			int type = data.consumeInt(0, 0xff);
			fields = ProxyHeaders.join(fields,
					ProxyHeaders.field((type == 3) ? 4 : type, data.consumeBytes(data.consumeInt(0, 400))));
		}
		String address = Addresses.text(client.getAddress());
		return data.consumeBoolean() ? ProxyHeaders.binary(address, client.getPort(), fields) : ProxyHeaders
			.withChecksum(ProxyHeaders.binary(address, client.getPort(), fields, ProxyHeaders.checksum()));
	}

}
