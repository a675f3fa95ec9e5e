package dev.echod.transport;

import dev.echod.connection.TcpFigures;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.channel.uring.IoUringTcpInfo;
import org.jspecify.annotations.Nullable;

/**
 * Asks the system what its TCP knows of a connection: {@code TCP_INFO} of tcp(7).
 */
final class SystemTcp {

	private SystemTcp() {
	}

	/**
	 * The figures of a socket that is open; null on transports that cannot ask.
	 */
	static @Nullable TcpFigures figuresOf(SocketChannel channel) {
		try {
			return switch (channel) {
				case EpollSocketChannel epoll -> {
					EpollTcpInfo info = epoll.tcpInfo();
					yield figures(info.rtt(), info.totalRetrans());
				}
				case IoUringSocketChannel uring -> {
					IoUringTcpInfo info = uring.tcpInfo();
					yield figures(info.rtt(), info.totalRetrans());
				}
				default -> null;
			};
		}
		catch (ChannelException ex) {
			// It was closed meanwhile.
			return null;
		}
	}

	private static TcpFigures figures(long roundTripMicros, long retransmissions) {
		return new TcpFigures(Math.clamp(roundTripMicros, 0, Integer.MAX_VALUE),
				Math.clamp(retransmissions, 0, Integer.MAX_VALUE));
	}

}
