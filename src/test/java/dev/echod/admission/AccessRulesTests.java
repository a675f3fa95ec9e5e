package dev.echod.admission;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.echod.connection.AddressRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Which of several ranges decides, and who is in none.
 */
class AccessRulesTests {

	private static List<AddressRange> ranges(String text) {
		return Stream.of(text.split(" ")).filter((range) -> !range.isEmpty()).map(AddressRange::of).toList();
	}

	private static boolean admits(String allow, String deny, String address) {
		return new AccessRules(ranges(allow), ranges(deny)).admit(InetAddress.ofLiteral(address));
	}

	@ParameterizedTest
	@CsvSource({ "'','',203.0.113.9,true", "'','',2001:db8::1,true", "10.0.0.0/8,'',10.1.2.3,true",
			"10.0.0.0/8,'',11.1.2.3,false", "10.0.0.0/8,'',::1,false", "'',10.0.0.0/8,10.1.2.3,false",
			"'',10.0.0.0/8,11.1.2.3,true", "'',10.0.0.0/8,::1,true", "10.1.0.0/16,10.0.0.0/8,10.1.2.3,true",
			"10.1.0.0/16,10.0.0.0/8,10.2.2.3,false", "10.1.0.0/16,10.0.0.0/8,192.0.2.1,false",
			"10.0.0.0/8,10.1.0.0/16,10.1.2.3,false", "10.0.0.0/8,10.1.0.0/16,10.2.2.3,true",
			"10.0.0.0/8 10.1.2.0/24,10.1.0.0/16 10.1.2.3,10.1.2.4,true",
			"10.0.0.0/8 10.1.2.0/24,10.1.0.0/16 10.1.2.3,10.1.2.3,false", "0.0.0.0/0,10.0.0.0/8,192.0.2.1,true",
			"2001:db8:1::/48,2001:db8::/32,2001:db8:1::9,true", "2001:db8:1::/48,2001:db8::/32,2001:db8:2::9,false",
			"::/0,'',192.0.2.1,false", "192.0.2.1,0.0.0.0/0,192.0.2.1,true", "192.0.2.1,0.0.0.0/0,192.0.2.2,false" })
	void smallestRangeDecides(String allow, String deny, String address, boolean admitted) {
		assertThat(admits(allow, deny, address)).isEqualTo(admitted);
	}

	@Test
	void ipv4AddressWrittenAsIpv6IsTheSame() throws Exception {
		InetAddress mapped = Inet6Address.getByAddress(null,
				new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 10, 1, 2, 3 }, -1);
		assertThat(mapped).isInstanceOf(Inet6Address.class);
		assertThat(new AccessRules(ranges("10.0.0.0/8"), List.of()).admit(mapped)).isTrue();
		assertThat(new AccessRules(List.of(), ranges("::ffff:10.0.0.0/104")).admit(mapped)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.0/8", "::ffff:10.0.0.0/104" })
	void sameRangeInBothListsIsRefused(String denied) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new AccessRules(ranges("192.0.2.0/24 10.0.0.0/8"), ranges(denied)))
			.withMessage(denied + " is allowed as well: a range is in one list only.");
	}

	@Test
	void rangeMayBeTwiceInOneList() {
		assertThat(admits("10.0.0.0/8 10.0.0.0/8", "", "10.1.1.1")).isTrue();
	}

	/**
	 * As whoever looks at each range in turn would decide.
	 */
	@Test
	void thousandRangesDecideAsOneByOne() throws Exception {
		Random random = new Random(7);
		List<AddressRange> all = IntStream.range(0, 2_000)
			.mapToObj((i) -> range(10 << 24 | random.nextInt(1 << 18), 8 + random.nextInt(25)))
			.toList();
		List<AddressRange> allow = all.subList(0, 1_000);
		List<AddressRange> deny = all.subList(1_000, 2_000)
			.stream()
			.filter((range) -> allow.stream().noneMatch((other) -> isSame(range, other)))
			.toList();
		AccessRules rules = new AccessRules(allow, deny);
		for (int i = 0; i < 2_000; i++) {
			InetAddress address = InetAddress
				.getByAddress(new byte[] { 10, (byte) random.nextInt(5), (byte) random.nextInt(), (byte) i });
			assertThat(rules.admit(address)).as(address.toString())
				.isEqualTo(longest(allow, address) > longest(deny, address));
		}
	}

	/**
	 * The range of this length that an address is in.
	 */
	private static AddressRange range(int address, int length) {
		int first = address & -1 << (32 - length);
		return AddressRange
			.of("%d.%d.%d.%d/%d".formatted(first >>> 24, first >> 16 & 255, first >> 8 & 255, first & 255, length));
	}

	private static boolean isSame(AddressRange one, AddressRange other) throws IllegalStateException {
		try {
			return one.prefixLength() == other.prefixLength()
					&& one.contains(InetAddress.getByAddress(other.network()));
		}
		catch (java.net.UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static int longest(List<AddressRange> ranges, InetAddress address) {
		return ranges.stream()
			.filter((range) -> range.contains(address))
			.mapToInt(AddressRange::prefixLength)
			.max()
			.orElse(-1);
	}

}
