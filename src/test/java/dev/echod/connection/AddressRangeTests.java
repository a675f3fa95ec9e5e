package dev.echod.connection;

import java.net.InetAddress;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AddressRangeTests {

	@ParameterizedTest
	@CsvSource({ "10.0.0.0/8,10.255.1.2,true", "10.0.0.0/8,11.0.0.0,false", "192.0.2.128/25,192.0.2.128,true",
			"192.0.2.128/25,192.0.2.127,false", "192.0.2.7,192.0.2.7,true", "192.0.2.7,192.0.2.8,false",
			"192.0.2.6/31,192.0.2.7,true", "0.0.0.0/0,203.0.113.9,true", "0.0.0.0/0,2001:db8::1,false",
			"2001:db8::/32,2001:db8:ffff::1,true", "2001:db8::/32,2001:db9::1,false", "::1,::1,true",
			"::/0,127.0.0.1,false", "::ffff:10.0.0.0/104,10.1.2.3,true", "::ffff:10.0.0.0/104,11.1.2.3,false",
			"::ffff:10.1.2.3,10.1.2.3,true", "::ffff:a01:203,10.1.2.3,true", "::ffff:127.0.0.1,127.0.0.1,true",
			"::ffff:127.0.0.1,127.0.0.2,false", "::ffff:127.0.0.1,::1,false", "::ffff:0.0.0.0/96,192.0.2.1,true" })
	void containsWhatSharesItsPrefix(String range, String address, boolean contained) throws Exception {
		assertThat(AddressRange.of(range).contains(InetAddress.getByName(address))).isEqualTo(contained);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8", "2001:db8::/129",
			"10.0.0.0/8/8", "300.0.0.1", "10/8", "127.0.2", "127.1", "0x7f.0.0.1", "1.2.3.4.5", "10.0.0.0/+8",
			"10.0.0.0/0008", "::ffff:10.0.0.0/8", "::ffff:10.0.0.0/95", "::ffff:10.0.0.0/129", ":", "1:2", "[::1]" })
	void refusesWhatIsNoRange(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.of(text))
			.withMessage("'%s' is not %s".formatted(text, AddressRange.ALLOWED));
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1/8,127.0.0.0/8", "192.0.2.7/31,192.0.2.6/31", "10.0.0.1/0,0.0.0.0/0",
			"192.0.2.129/25,192.0.2.128/25", "2001:db8::1/32,2001:db8:0:0:0:0:0:0/32",
			"::ffff:10.9.9.9/104,10.0.0.0/8" })
	void refusesBitsAfterThePrefixAndNamesTheRange(String text, String range) {
		assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.of(text))
			.withMessage("'%s' is not an address alone or the range %s".formatted(text, range));
		assertThat(AddressRange.of(range)).hasToString(range);
	}

}
