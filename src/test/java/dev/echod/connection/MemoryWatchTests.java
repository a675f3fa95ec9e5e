package dev.echod.connection;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whom a shortage of memory ends, and whom not; the test moves the clock and looks
 * itself.
 */
class MemoryWatchTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final long LITTLE = 16 * 1024;

	private static final long MUCH = 100_000;

	private final List<RecordingWire> wires = IntStream.range(0, 8).mapToObj((i) -> new RecordingWire()).toList();

	private final List<ServedConnection> connections = this.wires.stream().map(MemoryWatchTests::connection).toList();

	private final RecordingWire clock = new RecordingWire();

	private long most = LITTLE;

	private final MemoryWatch watch = new MemoryWatch(this.connections, () -> this.most, this.clock::nanoTime);

	private static ServedConnection connection(RecordingWire wire) {
		return new ServedConnection("echo-1", "echo",
				new Endpoints(InetSocketAddress.createUnresolved("peer", 1),
						InetSocketAddress.createUnresolved("local", 2)),
				wire, new ConnectionActivity(Traffic.unknown(), 0));
	}

	private void sweepEachSecond(int seconds) {
		for (int i = 0; i < seconds; i++) {
			this.watch.sweep();
			this.clock.pass(SECOND);
		}
	}

	private List<Integer> reset() {
		return IntStream.range(0, this.wires.size())
			.filter((i) -> this.wires.get(i).told().contains("reset"))
			.boxed()
			.toList();
	}

	@Test
	void largestQuarterGoesFirst() {
		for (int i = 0; i < 8; i++) {
			this.wires.get(i).memoryBytes = MUCH + i;
		}
		sweepEachSecond(5);
		assertThat(reset()).isEmpty();
		this.watch.sweep();
		assertThat(reset()).containsExactly(6, 7);
		assertThat(this.connections.get(7).life().ended()).isEqualTo(CloseReason.MEMORY_SHORT);
	}

	@Test
	void whoHasLittleIsLeftAlone() {
		this.wires.forEach((wire) -> wire.memoryBytes = LITTLE);
		sweepEachSecond(20);
		assertThat(reset()).isEmpty();
	}

	@Test
	void whoGetsOnIsLeftAlone() {
		this.wires.getFirst().memoryBytes = MUCH;
		this.wires.getLast().memoryBytes = MUCH;
		for (int i = 0; i < 20; i++) {
			sweepEachSecond(1);
			this.connections.getFirst().activity().messageReceived();
			this.wires.getLast().pendingBytes = i;
		}
		assertThat(reset()).isEmpty();
	}

	@Test
	void whileThereIsMemoryNobodyIsJudged() {
		this.wires.getFirst().memoryBytes = MUCH;
		sweepEachSecond(4);
		this.most = Long.MAX_VALUE;
		sweepEachSecond(10);
		this.most = LITTLE;
		sweepEachSecond(5);
		assertThat(reset()).isEmpty();
		this.watch.sweep();
		assertThat(reset()).containsExactly(0);
	}

}
