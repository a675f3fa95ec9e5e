package dev.echod.client.load;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;
import dev.echod.testing.Needs;
import dev.echod.transport.Transport;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What memory a message takes on the event loop, once that is warm: none of ours. On
 * epoll Netty itself takes none for a read or a write, and a little for a timer.
 */
@Tag("long")
class AllocationTests {

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	/**
	 * Less than any object for each message.
	 */
	private static final double NOTHING = 8;

	private static final int TIMERS = 10_000;

	private ResourceLeakDetector.Level leakDetection = ResourceLeakDetector.getLevel();

	/**
	 * Of a second's messages, in the best of some seconds: compilers leave their mark in
	 * others.
	 */
	private static double bytesForEachMessage(String options) throws Exception {
		Needs.transport(Transport.EPOLL);
		Set<Thread> others = Thread.getAllStackTraces().keySet();
		try (Peer peer = Peer.echo()) {
			double[] least = { Double.MAX_VALUE };
			long[] before = { -1 };
			new LoadRun(
					Loads.plan(
							"--transport epoll --event-loops 1 --connections 10 --warm-up 0 --duration 6s " + options),
					Loads.trial(peer.port()), (interval) -> {
						long now = allocatedBytes(others);
						if (before[0] >= 0 && interval.figures().messages() > 1000) {
							least[0] = Math.min(least[0], (now - before[0]) / (double) interval.figures().messages());
						}
						before[0] = now;
					})
				.run();
			return least[0];
		}
	}

	/**
	 * Which remembers where each buffer was touched.
	 */
	@BeforeEach
	void lookForNoLeaks() {
		this.leakDetection = ResourceLeakDetector.getLevel();
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
	}

	@AfterEach
	void lookForLeaks() {
		ResourceLeakDetector.setLevel(this.leakDetection);
	}

	private static long allocatedBytes(Set<Thread> others) {
		List<Thread> loops = Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !others.contains(thread) && thread.getName().startsWith("echod-epoll"))
			.toList();
		assertThat(loops).hasSize(1);
		return THREADS.getThreadAllocatedBytes(loops.getFirst().threadId());
	}

	private static double bytesForEachTimer() throws Exception {
		EventLoop eventLoop = new DefaultEventLoop();
		try {
			return eventLoop.submit(() -> {
				long before = THREADS.getCurrentThreadAllocatedBytes();
				for (int i = 0; i < TIMERS; i++) {
					eventLoop.schedule(() -> {
					}, 1, TimeUnit.HOURS);
				}
				return (THREADS.getCurrentThreadAllocatedBytes() - before) / (double) TIMERS;
			}).get();
		}
		finally {
			eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
		}
	}

	@Test
	void closedLoopTakesNone() throws Exception {
		assertThat(bytesForEachMessage("--depth 4")).isLessThan(NOTHING);
	}

	@Test
	void openLoopTakesATimerForEachMessageAtMost() throws Exception {
		assertThat(bytesForEachMessage("--depth 4 --rate 20000")).isLessThan(bytesForEachTimer() + NOTHING);
	}

}
