package dev.echod.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that send and do not read what they are owed.
 */
@Tag("hostile")
class ClientsThatDoNotReadIT {

	private static final int KB = 1024;

	@RegisterExtension
	private static final HostileService service = new HostileService();

	static Stream<Target> servedByEventLoops() {
		return Target.servedByEventLoops();
	}

	@ParameterizedTest
	@MethodSource("servedByEventLoops")
	void smallestMessagesUntilNothingMovesThenGone(Target target) throws Exception {
		try (Attackers attackers = Attackers.connect(service.port(target), 40)) {
			attackers.sendUntilBlocked(target.smallest(64 * KB), 48);
		}
	}

	@Test
	void smallestMessagesToThreadsAndProcessesUntilNothingMovesThenGone() throws Exception {
		for (Target target : Target.servedByThreadsOrProcesses().toList()) {
			try (Attackers half = Attackers.connect(service.port(target), 10);
					Attackers attackers = Attackers.connect(service.port(target), 20)) {
				half.sendUntilBlocked(target.smallest(64 * KB), 32).sendFin();
				attackers.sendUntilBlocked(target.smallest(64 * KB), 32);
			}
		}
	}

	@Test
	void longMessagesUntilNothingMovesThenGone() throws Exception {
		byte[] line = Target.bytes("x".repeat(900 * KB) + "\n");
		for (Target target : List.of(Target.LF, Target.ROOM, Target.RELAY, Target.THREAD_LF, Target.SERIAL_LF,
				Target.SELECTOR_LF)) {
			try (Attackers attackers = Attackers.connect(service.port(target), 12)) {
				attackers.sendUntilBlocked(line, 6);
			}
		}
	}

	/**
	 * What they would be owed is some times the memory there is: others are served from
	 * what is left.
	 */
	@ParameterizedTest
	@EnumSource(names = { "STREAM", "LF", "THREAD", "THREAD_LF", "SELECTOR_LF" })
	void longMessagesOfMoreClientsThanThereIsMemoryFor(Target target) throws Exception {
		byte[] line = Target.bytes("x".repeat(900 * KB) + "\n");
		try (Attackers attackers = Attackers.connect(service.port(target), 900)) {
			attackers.sendUntilBlocked(line, 6);
		}
	}

	@Test
	void halfClosedWithMuchPendingAreCutOff() throws Exception {
		List<Attackers> all = new ArrayList<>();
		for (Target target : Target.servedByEventLoops().toList()) {
			// A relay answers what it has been sent before the FIN: millions of line
			// feeds
			// would take it half a minute.
			byte[] bytes = (target == Target.RELAY) ? Target.bytes(("x".repeat(KB - 1) + "\n").repeat(64))
					: target.smallest(64 * KB);
			all.add(Attackers.connect(service.port(target), 2).sendUntilBlocked(bytes, 48).sendFin());
		}
		for (Target target : Target.servedByEventLoops().toList()) {
			service.awaitNoConnectionOf(target);
		}
		close(all);
	}

	private static void close(List<Attackers> all) throws Exception {
		for (Attackers attackers : all) {
			attackers.close();
		}
	}

	/**
	 * The system takes some megabytes; of those that send a little more, some leave less
	 * pending than makes the service stop reading.
	 */
	@Test
	void halfClosedWithLittlePendingAreCutOff() throws Exception {
		List<byte[]> amounts = Stream.iterate(500 * KB, (amount) -> amount + 100 * KB)
			.limit(40)
			.map((amount) -> new byte[amount])
			.toList();
		try (Attackers attackers = Attackers.connect(service.port(Target.STREAM), amounts.size())) {
			attackers.sendEach(amounts).sendFin();
			service.awaitNoConnectionOf(Target.STREAM);
		}
	}

	@Test
	void membersOfARoomWhileOthersPost() throws Exception {
		byte[] posts = Target.bytes(("x".repeat(99) + "\n").repeat(600));
		try (Attackers members = Attackers.connect(service.port(Target.ROOM), 150);
				Attackers posters = Attackers.connect(service.port(Target.ROOM), 5)) {
			posters.sendUntilBlocked(posts, 10);
			try (Attackers late = Attackers.connect(service.port(Target.ROOM), 50)) {
				late.sendUntilBlocked(Target.bytes("late\n"), 1);
				posters.sendUntilBlocked(posts, 10);
			}
			members.sendFin();
		}
	}

	@Test
	void resetWhileTheServiceOwesThem() throws Exception {
		for (Target target : Target.values()) {
			for (int i = 0; i < 5; i++) {
				Attackers.connect(service.port(target), 8).sendUntilBlocked(target.smallest(64 * KB), 2).reset();
			}
		}
	}

	@Test
	void relayWhoseUpstreamAnswersWithoutEnd() throws Exception {
		service.upstream().answerWithoutEnd(true);
		try (Attackers attackers = Attackers.connect(service.port(Target.RELAY), 20)) {
			attackers.sendUntilBlocked(Target.RELAY.smallest(KB), 1);
			service.awaitNoConnectionOf(Target.RELAY);
		}
		finally {
			service.upstream().answerWithoutEnd(false);
		}
	}

}
