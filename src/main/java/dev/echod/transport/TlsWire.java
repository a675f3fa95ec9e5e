package dev.echod.transport;

import java.util.Objects;
import java.util.function.Consumer;

import io.netty.channel.socket.SocketChannel;

/**
 * A channel with TLS, as a connection's life acts on it: before our FIN comes our
 * close_notify.
 */
final class TlsWire extends ChannelWire {

	private final TlsHandler tls;

	private final WrittenRecords records;

	TlsWire(SocketChannel channel, EventLoops eventLoops, ReadGate gate, ConnectionOutput output, TlsHandler tls) {
		super(channel, eventLoops, gate, output);
		this.tls = tls;
		this.records = Objects.requireNonNull(channel.pipeline().get(WrittenRecords.class));
	}

	@Override
	public void discardInput() {
		super.discardInput();
		this.tls.discard();
	}

	@Override
	public void finish(Consumer<Boolean> taken) {
		super.finish((flushed) -> {
			if (flushed) {
				this.tls.endOutput().addListener((ended) -> taken.accept(ended.isSuccess()));
			}
			else {
				taken.accept(false);
			}
		});
	}

	@Override
	public void close() {
		look();
		this.tls.close(true);
	}

	@Override
	void closeHard() {
		look();
		this.tls.close(false);
	}

	@Override
	public long memoryBytes() {
		return super.memoryBytes() + this.tls.keptBytes();
	}

	@Override
	long writtenBuffers() {
		return this.records.count();
	}

}
