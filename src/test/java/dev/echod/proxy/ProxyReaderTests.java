package dev.echod.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import dev.echod.connection.AddressRange;
import dev.echod.connection.CloseReason;
import dev.echod.proxy.Reading.Last;
import dev.echod.proxy.Reading.Outcome;
import dev.echod.testing.ProxyHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How a connection is found to begin. Each is read at once, byte by byte, and in pieces.
 */
class ProxyReaderTests {

	private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);

	private static final int SSL = 0x20;

	private static final int UNIX_STREAM = 0x31;

	private static final int PROXY = 0x21;

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	/**
	 * Reads what begins with a header that is to be believed, and goes on with data.
	 */
	private static @Nullable InetSocketAddress client(byte[] header) {
		Outcome outcome = Reading.inAnyPieces(true, true, Last.FIN, ProxyHeaders.join(header, DATA));
		assertThat(outcome.failure()).isNull();
		assertThat(outcome.taken()).as("what follows is data").isEqualTo(header.length);
		assertThat(outcome.data()).isEmpty();
		assertThat(Reading.inAnyPieces(false, true, Last.FIN, ProxyHeaders.join(header, DATA))).isEqualTo(outcome);
		return requireNonNull(outcome.header()).client();
	}

	private static void assertInvalid(byte[] header) {
		for (boolean required : new boolean[] { true, false }) {
			assertThat(Reading.inAnyPieces(required, true, Last.FIN, ProxyHeaders.join(header, DATA)).failure())
				.as(new String(header, StandardCharsets.ISO_8859_1))
				.isEqualTo(CloseReason.PROXY_INVALID);
		}
	}

	@ParameterizedTest
	@CsvSource({ "PROXY TCP4 192.0.2.1 198.51.100.2 56324 443, 192.0.2.1, 56324",
			"PROXY TCP4 0.0.0.0 255.255.255.255 0 65535, 0.0.0.0, 0",
			"PROXY TCP6 2001:db8::1 2001:DB8:0:0:0:0:0:2 65535 443, 2001:db8::1, 65535",
			"PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535,"
					+ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 65535",
			"PROXY TCP6 ::ffff:192.0.2.1 :: 1 2, 192.0.2.1, 1" })
	void lineNamesTheClient(String line, String address, int port) {
		assertThat(client(ProxyHeaders.text(line))).isEqualTo(new InetSocketAddress(address, port));
	}

	@ParameterizedTest
	@ValueSource(strings = { "PROXY UNKNOWN", "PROXY UNKNOWN ", "PROXY UNKNOWN whatever 1 2 \377",
			"PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535" })
	void lineOfAnUnknownClientNamesNone(String line) {
		assertThat(client(ProxyHeaders.text(line))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "PROXY ", "PROXY  TCP4 192.0.2.1 192.0.2.2 1 2", "PROXY TCP5 192.0.2.1 192.0.2.2 1 2",
			"PROXY tcp4 192.0.2.1 192.0.2.2 1 2", "PROXY UNKNOWNS", "PROXY TCP4 192.0.2.1 192.0.2.2 1",
			"PROXY TCP4 192.0.2.1 192.0.2.2 1 2 ", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3",
			"PROXY TCP4 192.0.2.1  192.0.2.2 1 2", "PROXY TCP4\t192.0.2.1 192.0.2.2 1 2",
			"PROXY TCP4 192.0.2.01 192.0.2.2 1 2", "PROXY TCP4 192.0.2.256 192.0.2.2 1 2",
			"PROXY TCP4 192.0.2 192.0.2.2 1 2", "PROXY TCP4 192.0.2.1.1 192.0.2.2 1 2",
			"PROXY TCP4 192.0.2.1 192.0.2.0x2 1 2", "PROXY TCP4 ::1 ::2 1 2", "PROXY TCP4 localhost 192.0.2.2 1 2",
			"PROXY TCP4 192.0.2.1 192.0.2.2 01 2", "PROXY TCP4 192.0.2.1 192.0.2.2 1 65536",
			"PROXY TCP4 192.0.2.1 192.0.2.2 -1 2", "PROXY TCP4 192.0.2.1 192.0.2.2 +1 2",
			"PROXY TCP4 192.0.2.1 192.0.2.2 1 99999", "PROXY TCP4 192.0.2.1 192.0.2.2 1 100000",
			"PROXY TCP6 192.0.2.1 192.0.2.2 1 2", "PROXY TCP6 ::1%lo ::2 1 2", "PROXY TCP6 1::2::3 ::2 1 2",
			"PROXY TCP6 12345::1 ::2 1 2", "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::2 1 2", "PROXY TCP6 1:2:3:4:5:6:7 ::2 1 2",
			"PROXY TCP6 [::1] ::2 1 2", "PROXY TCP6 ::1/128 ::2 1 2", "PROXY TCP6 ::1 ::ffff:1.2.3.256 1 2",
			"PROXY TCP4 \u00b2.0.2.1 192.0.2.2 1 2" })
	void lineThatIsNotAsItHasToBeIsRefused(String line) {
		assertInvalid(ProxyHeaders.text(line));
	}

	@ParameterizedTest
	@ValueSource(strings = { "PROXY UNKNOWN\n", "PROXY UNKNOWN\r", "PROXY UNKNOWN a\nb\r\n", "PROXY UNKNOWN a\rb\r\n",
			"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r \n" })
	void lineEndsWithBothCharactersOrIsRefused(String line) {
		assertInvalid(bytes(line));
	}

	@Test
	void lineIsRefusedAsSoonAsItIsTooLong() throws Exception {
		ProxyReader reader = new ProxyReader(true, true);
		reader.read(ByteBuffer.wrap(bytes("PROXY UNKNOWN " + "x".repeat(92))));
		assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> reader.read(ByteBuffer.wrap(bytes("x"))))
			.withMessageContaining("107");
		assertThat(client(ProxyHeaders.text("PROXY UNKNOWN " + "x".repeat(91)))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "192.0.2.1", "2001:db8::1" })
	void binaryHeaderNamesTheClient(String source) {
		InetSocketAddress expected = new InetSocketAddress(source, 56324);
		assertThat(client(ProxyHeaders.binary(source, 56324))).isEqualTo(expected);
		assertThat(client(ProxyHeaders.binary(source, 56324, ProxyHeaders.field(2, bytes("echo.example")),
				ProxyHeaders.field(4), ProxyHeaders.field(0xee, new byte[300]))))
			.isEqualTo(expected);
	}

	@Test
	void mappedAddressIsTheOneOfIpv4() {
		byte[] addresses = new byte[36];
		System.arraycopy(new byte[] { -1, -1, (byte) 192, 0, 2, 1 }, 0, addresses, 10, 6);
		assertThat(client(ProxyHeaders.binary(PROXY, 0x21, addresses)))
			.isEqualTo(new InetSocketAddress("192.0.2.1", 0));
	}

	/**
	 * Of a health check, or without an address that is known or that a connection has.
	 */
	static List<byte[]> headersWithoutAClient() {
		return List.of(ProxyHeaders.local(), ProxyHeaders.binary(0x20, 0x11, new byte[12]),
				ProxyHeaders.binary(0x20, 0xff, bytes("of no meaning")), ProxyHeaders.binary(PROXY, 0, new byte[0]),
				ProxyHeaders.binary(PROXY, 0, bytes("of no meaning")),
				ProxyHeaders.binary(PROXY, UNIX_STREAM, new byte[216]),
				ProxyHeaders.binary(PROXY, UNIX_STREAM, new byte[216 + 3]),
				ProxyHeaders.binary(PROXY, 0x12, new byte[12]), ProxyHeaders.binary(PROXY, 0x22, new byte[36]));
	}

	@ParameterizedTest
	@MethodSource("headersWithoutAClient")
	void headerWithoutAClientIsTakenAndNamesNone(byte[] header) {
		assertThat(client(header)).isNull();
	}

	/**
	 * Each breaks another rule.
	 */
	static List<byte[]> invalidHeaders() {
		return List.of(ProxyHeaders.binary(0x22, 0x11, new byte[12]), ProxyHeaders.binary(0x11, 0x11, new byte[12]),
				ProxyHeaders.binary(0x31, 0x11, new byte[12]), ProxyHeaders.binary(PROXY, 0x41, new byte[12]),
				ProxyHeaders.binary(PROXY, 0x13, new byte[12]), ProxyHeaders.binary(PROXY, 0x11, new byte[11]),
				ProxyHeaders.binary(PROXY, 0x21, new byte[35]), ProxyHeaders.binary(PROXY, UNIX_STREAM, new byte[215]),
				ProxyHeaders.binary("192.0.2.1", 1, new byte[] { 4 }),
				ProxyHeaders.binary("192.0.2.1", 1, new byte[] { 4, 0 }),
				ProxyHeaders.binary("192.0.2.1", 1, new byte[] { 4, 0, 1 }),
				ProxyHeaders.binary("192.0.2.1", 1, new byte[] { 4, -1, -1, 0 }),
				ProxyHeaders.binary("192.0.2.1", 1, ProxyHeaders.field(3, new byte[3])),
				ProxyHeaders.binary("192.0.2.1", 1, ProxyHeaders.checksum()));
	}

	@ParameterizedTest
	@MethodSource("invalidHeaders")
	void binaryHeaderThatIsNotAsItHasToBeIsRefused(byte[] header) {
		assertInvalid(header);
	}

	@Test
	void checksumIsVerifiedOverTheWholeHeader() {
		byte[] names = ProxyHeaders.field(2, bytes("echo.example"));
		byte[] header = ProxyHeaders.withChecksum(ProxyHeaders.binary("192.0.2.1", 7, names, ProxyHeaders.checksum()));
		assertThat(client(header)).isEqualTo(new InetSocketAddress("192.0.2.1", 7));
		for (int at = 16; at < header.length; at++) {
			byte[] changed = header.clone();
			// The type of the checksum's field stays: another has no meaning.
			changed[at] ^= (byte) ((at == 16 + 12 + names.length) ? 0 : 0x40);
			assertThat(Reading.inAnyPieces(true, true, Last.FIN, changed).failure()).as("byte %d changed", at)
				.isEqualTo((changed[at] == header[at]) ? null : CloseReason.PROXY_INVALID);
		}
	}

	@Test
	void secondChecksumIsRefused() {
		byte[] one = ProxyHeaders.withChecksum(ProxyHeaders.binary("192.0.2.1", 7, ProxyHeaders.checksum()));
		byte[] sum = Arrays.copyOfRange(one, one.length - 4, one.length);
		assertInvalid(ProxyHeaders
			.withChecksum(ProxyHeaders.binary("192.0.2.1", 7, ProxyHeaders.field(3, sum), ProxyHeaders.checksum())));
	}

	@Test
	void headerIsRefusedAsSoonAsItSaysThatItIsTooLong() throws Exception {
		byte[] most = ProxyHeaders.field(SSL, new byte[4096 - 16 - 12 - 3]);
		assertThat(client(ProxyHeaders.binary("192.0.2.1", 1, most))).isEqualTo(new InetSocketAddress("192.0.2.1", 1));
		byte[] more = ProxyHeaders.binary("192.0.2.1", 1, most, new byte[1]);
		ProxyReader reader = new ProxyReader(true, true);
		reader.read(ByteBuffer.wrap(more, 0, 15));
		assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> reader.read(ByteBuffer.wrap(more, 15, 1)))
			.withMessageContaining("4096");
	}

	@Test
	void whatCannotBeginAHeaderIsKnownAtItsFirstByte() throws Exception {
		assertThat(new ProxyReader(false, true).read(ByteBuffer.wrap(bytes("G")))).isTrue();
		assertThat(new ProxyReader(false, true).read(ByteBuffer.wrap(bytes("PRI")))).isTrue();
		assertThat(new ProxyReader(false, true).read(ByteBuffer.wrap(bytes("PR")))).isFalse();
		ProxyReader demanding = new ProxyReader(true, true);
		assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> demanding.read(ByteBuffer.wrap(bytes("G"))))
			.satisfies((refused) -> assertThat(refused.reason()).isEqualTo(CloseReason.PROXY_INVALID));
	}

	@ParameterizedTest
	@ValueSource(strings = { "data", "PROXIES", "PROXY\r\n", "\r\n\r\n\0\r\nQUIT.", "\r\n\r\n", "PROXY", "P", "" })
	void whatBeginsWithNoHeaderIsDataWhereNoneIsRequired(String text) {
		for (Last last : Last.values()) {
			for (boolean trusted : new boolean[] { true, false }) {
				Outcome outcome = Reading.inAnyPieces(false, trusted, last, bytes(text));
				assertThat(outcome.failure()).isNull();
				assertThat(outcome.header()).isNull();
				assertThat(outcome.data()).isEqualTo(text.substring(0, outcome.taken()));
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void headerOfWhoIsNotTrustedIsRefusedBeforeItIsRead(Last last) {
		for (String begun : List.of("PROXY ", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", "PROXY nonsense",
				"\r\n\r\n\0\r\nQUIT\n")) {
			assertThat(Reading.inAnyPieces(false, false, last, bytes(begun)).failure())
				.isEqualTo(CloseReason.PROXY_UNTRUSTED);
		}
	}

	@ParameterizedTest
	@CsvSource({ "FIN, PROXY_INVALID", "TIME_OUT, HANDSHAKE_TIMEOUT" })
	void headerThatDoesNotGoOnIsRefused(Last last, CloseReason reason) {
		byte[] line = ProxyHeaders.text("PROXY UNKNOWN");
		byte[] header = ProxyHeaders.binary("192.0.2.1", 1);
		for (int length = 0; length < line.length; length++) {
			assertThat(Reading.inAnyPieces(true, true, last, Arrays.copyOf(line, length)).failure()).isEqualTo(reason);
			assertThat(Reading.inAnyPieces(false, true, last, Arrays.copyOf(line, length)).failure())
				.isEqualTo((length < 6) ? null : reason);
		}
		for (int length = 0; length < header.length; length++) {
			assertThat(Reading.inAnyPieces(true, true, last, Arrays.copyOf(header, length)).failure())
				.isEqualTo(reason);
			assertThat(Reading.inAnyPieces(false, true, last, Arrays.copyOf(header, length)).failure())
				.isEqualTo((length < 12) ? null : reason);
		}
	}

	@Test
	void onlyWhoIsTrustedIsReadWhereAHeaderIsRequired() throws Exception {
		List<AddressRange> trusted = List.of(AddressRange.of("10.0.0.0/8"), AddressRange.of("2001:db8::/32"));
		ProxyProtocol required = new ProxyProtocol(ProxyMode.REQUIRED, trusted);
		assertThat(required.reader(InetAddress.ofLiteral("10.1.2.3")).isEmpty()).isTrue();
		assertThat(required.reader(InetAddress.ofLiteral("2001:db8::1")).isEmpty()).isTrue();
		assertThatExceptionOfType(ProxyException.class)
			.isThrownBy(() -> required.reader(InetAddress.ofLiteral("11.1.2.3")))
			.satisfies((refused) -> assertThat(refused.reason()).isEqualTo(CloseReason.PROXY_UNTRUSTED));
		assertThat(new ProxyProtocol(ProxyMode.OPTIONAL, trusted).reader(InetAddress.ofLiteral("11.1.2.3"))
			.read(ByteBuffer.wrap(DATA))).isTrue();
	}

}
