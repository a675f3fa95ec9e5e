package dev.echod.transport;

import dev.echod.testing.Needs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The other tests try the transports that this machine has: in CI these must be among
 * them.
 */
@EnabledOnOs(OS.LINUX)
class TransportsOfLinuxTests {

	@ParameterizedTest
	@EnumSource(names = { "IO_URING", "EPOLL" })
	void areTried(Transport transport) {
		Needs.transport(transport);
		assertThat(Transport.available()).contains(transport);
	}

}
