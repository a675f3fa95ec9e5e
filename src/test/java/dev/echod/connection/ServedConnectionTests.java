package dev.echod.connection;

import java.net.InetSocketAddress;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is asked of a connection while it goes on.
 */
class ServedConnectionTests {

	private final RecordingWire wire = new RecordingWire();

	private final ConnectionActivity activity = new ConnectionActivity(Traffic.unknown(), this.wire.nanoTime());

	private final ServedConnection connection = new ServedConnection("echo-1", "echo",
			InetSocketAddress.createUnresolved("peer", 1), InetSocketAddress.createUnresolved("local", 2), this.wire,
			this.activity);

	private void closeIfIdle() {
		ConnectionFilter idle = new ConnectionFilter(null, null, Duration.ofSeconds(10), null, null);
		this.connection.when(idle, (connection) -> connection.close(CloseReason.OPERATOR_CLOSED));
	}

	@Test
	void idleConnectionIsClosed() {
		this.wire.pass(Duration.ofSeconds(10));
		closeIfIdle();
		assertThat(this.connection.state()).isEqualTo(ConnectionState.CLOSING);
	}

	@Test
	void connectionThatHasSaidSomethingMeanwhileIsNotIdle() {
		this.wire.pass(Duration.ofSeconds(10));
		this.wire.queue();
		closeIfIdle();
		this.activity.received(1, this.wire.nanoTime());
		this.wire.runQueued();
		assertThat(this.connection.state()).isEqualTo(ConnectionState.OPEN);
	}

}
