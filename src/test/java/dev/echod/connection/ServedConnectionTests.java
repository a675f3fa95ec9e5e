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
			new Endpoints(InetSocketAddress.createUnresolved("peer", 1),
					InetSocketAddress.createUnresolved("local", 2)),
			this.wire, this.activity);

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

	@Test
	void rateThatChangesHoldsForConnectionsThatAreThere() {
		this.connection.keepTo(ByteRates.NONE);
		assertThat(this.wire.told()).isEmpty();
		this.connection.keepTo(new ByteRates(1_000, 0));
		this.connection.keepTo(new ByteRates(1_000, 0));
		assertThat(this.wire.told()).containsExactly("pace");
		this.connection.keepTo(ByteRates.NONE);
		assertThat(this.wire.told()).containsExactly("no pace");
	}

	private ClosedConnection ended() {
		ConnectionRegistry registry = new ConnectionRegistry();
		this.activity.received(1, 0);
		this.connection.ended(registry);
		return registry.closedConnections().getFirst();
	}

	@Test
	void noteOfTheCloseThatTookEffectIsKept() {
		this.connection.close(CloseReason.OPERATOR_CLOSED, "first");
		this.connection.close(CloseReason.OPERATOR_CLOSED, "too late");
		assertThat(ended()).returns("first", ClosedConnection::note)
			.returns(CloseReason.OPERATOR_CLOSED, ClosedConnection::reason);
	}

	@Test
	void noteOfTheResetThatEndedAnOrderlyCloseIsKept() {
		this.connection.close(CloseReason.OPERATOR_CLOSED, "please");
		this.connection.reset(CloseReason.OPERATOR_RESET, "now");
		assertThat(ended()).returns("now", ClosedConnection::note)
			.returns(CloseReason.OPERATOR_RESET, ClosedConnection::reason);
	}

	@Test
	void noteIsNotKeptWithACloseThatWasNotTheOperators() {
		this.connection.close(CloseReason.OPERATOR_CLOSED, "please");
		this.connection.reset(CloseReason.DRAIN_DEADLINE);
		assertThat(ended()).returns(null, ClosedConnection::note)
			.returns(CloseReason.DRAIN_DEADLINE, ClosedConnection::reason);
	}

}
