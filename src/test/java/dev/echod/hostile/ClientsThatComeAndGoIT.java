package dev.echod.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.awaitility.Awaitility.await;

/**
 * Clients that come in floods, leave at once, or stay and say nothing.
 */
@Tag("hostile")
class ClientsThatComeAndGoIT {

	private static final int KB = 1024;

	@RegisterExtension
	private static final HostileService service = new HostileService();

	@Test
	void comeAndResetAtOnce() throws Exception {
		for (Target target : Target.values()) {
			comeAndReset(target, target.isProcess() ? 50 : 300);
		}
	}

	private static void comeAndReset(Target target, int clients) throws Exception {
		for (int done = 0; done < clients; done += 50) {
			Attackers.connect(service.port(target), 50).reset();
		}
	}

	@Test
	void comeAskAndResetAtOnce() throws Exception {
		for (Target target : Target.values()) {
			comeAskAndReset(target, target.isProcess() ? 50 : 300);
		}
	}

	private static void comeAskAndReset(Target target, int clients) throws Exception {
		for (int done = 0; done < clients; done += 50) {
			Attackers.connect(service.port(target), 50).sendUntilBlocked(target.smallest(KB), 1).reset();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "CAT", "DEAF" })
	void processEndsWithItsClient(Target target) throws Exception {
		try (Attackers silent = Attackers.connect(service.port(target), 20);
				Attackers asking = Attackers.connect(service.port(target), 20);
				Attackers blocked = Attackers.connect(service.port(target), 20)) {
			asking.sendUntilBlocked(target.smallest(KB), 1);
			blocked.sendUntilBlocked(target.smallest(64 * KB), 48);
			await().until(() -> service.active(target) == silent.number() + asking.number() + blocked.number());
		}
	}

	@Test
	void moreProcessesThanThereMayBe() throws Exception {
		try (Attackers attackers = Attackers.connect(service.port(Target.DEAF), 400)) {
			attackers.sendUntilBlocked(Target.DEAF.smallest(KB), 1);
			await().until(() -> service.active(Target.DEAF) == 256);
		}
	}

	@Test
	void thousandsThatSayNothing() throws Exception {
		List<Attackers> all = new ArrayList<>();
		for (Target target : Target.values()) {
			if (!target.isProcess()) {
				all.add(Attackers.connect(service.port(target), 250));
			}
		}
		await().until(() -> service.active(Target.STREAM) == 250 && service.active(Target.THREAD) == 250);
		for (Attackers attackers : all) {
			attackers.close();
		}
	}

	@Test
	void joinAndLeaveARoomWhileOthersPost() throws Exception {
		byte[] posts = Target.bytes(("x".repeat(99) + "\n").repeat(100));
		try (Attackers reading = Attackers.connect(service.port(Target.ROOM), 5)) {
			for (int i = 0; i < 40; i++) {
				try (Attackers passing = Attackers.connect(service.port(Target.ROOM), 20)) {
					reading.sendAndRead(Target.bytes("a\n"));
					passing.sendUntilBlocked(posts, 1);
				}
			}
		}
	}

	@Test
	void allAtTheSameTime() throws Exception {
		allAtTheSameTime(1);
	}

	@Test
	@Tag("soak")
	void allAtTheSameTimeForLong() throws Exception {
		allAtTheSameTime(25);
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = { "CAT", "DEAF" })
	void twentyThousandComeAndResetAtOnce(Target target) throws Exception {
		comeAndReset(target, 20_000);
	}

	private static void allAtTheSameTime(int rounds) throws Exception {
		List<Callable<Void>> attacks = new ArrayList<>();
		for (Target target : Target.values()) {
			attacks.add(() -> {
				for (int i = 0; i < rounds; i++) {
					attack(target, i);
				}
				return null;
			});
		}
		try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
			for (Future<Void> attack : executor.invokeAll(attacks)) {
				attack.get();
			}
		}
	}

	private static void attack(Target target, int round) throws Exception {
		int port = service.port(target);
		comeAndReset(target, 50);
		try (Attackers stalled = Attackers.connect(port, 5);
				Attackers random = Attackers.connect(port, 5);
				Attackers slow = Attackers.connect(port, 5)) {
			slow.sendUntilBlocked(target.beginning(), 1);
			stalled.sendUntilBlocked(target.smallest(64 * KB), 8).sendFin();
			random.sendAndRead(TestClient.randomBytes(round * 100L + target.seed(), 64 * KB));
		}
		comeAskAndReset(target, 50);
	}

}
