package dev.echod.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.SSLException;

import dev.echod.framing.Framing;
import dev.echod.transport.EventLoops;
import dev.echod.transport.Frames;
import dev.echod.transport.NettyClientConnectionFactory;
import dev.echod.transport.NettyTcpConnection;
import io.netty.channel.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.integration.MessageTimeoutException;
import org.springframework.integration.channel.QueueChannel;
import org.springframework.integration.ip.tcp.outbound.TcpOutboundGateway;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.support.GenericMessage;

/**
 * Sends messages through an outbound gateway and checks that each comes back.
 */
public class Probe {

	/**
	 * How long the peer has to end the connection too.
	 */
	private static final Duration END = Duration.ofSeconds(1);

	private final EventLoops eventLoops;

	private final BeanFactory beanFactory;

	public Probe(EventLoops eventLoops, BeanFactory beanFactory) {
		this.eventLoops = eventLoops;
		this.beanFactory = beanFactory;
	}

	/**
	 * Sends the request's messages over one connection, each when the one before is back.
	 * @param atMost how long all may take together, but for the connection
	 * @throws ProbeFailedException if one does not come back as it was sent, or there is
	 * no connection, or no more time
	 */
	public ProbeResult send(ProbeRequest request, Duration atMost) {
		NettyClientConnectionFactory connectionFactory = connectionFactory(request);
		QueueChannel replies = new QueueChannel();
		TcpOutboundGateway gateway = gateway(request, connectionFactory, replies);
		gateway.start();
		NettyTcpConnection connection = null;
		try {
			connection = connect(connectionFactory);
			byte[] bytes = request.bytes();
			long begin = System.nanoTime();
			List<Duration> roundTrips = new ArrayList<>();
			for (int i = 0; i < request.count(); i++) {
				long start = System.nanoTime();
				Duration left = atMost.minusNanos(start - begin);
				if (!left.isPositive()) {
					throw new ProbeFailedException(
							"%d of %d messages came back within %s".formatted(i, request.count(), atMost), null);
				}
				gateway.setRemoteTimeout(Math.max(1, Math.min(left.toMillis(), request.timeout().toMillis())));
				gateway.handleMessage(new GenericMessage<>(bytes));
				roundTrips.add(Duration.ofNanos(System.nanoTime() - start));
				check(bytes, replies.receive(0), i + 1);
			}
			return new ProbeResult(bytes.length, List.copyOf(roundTrips));
		}
		catch (MessagingException | UncheckedIOException ex) {
			throw new ProbeFailedException(describe(request, ex), ex);
		}
		finally {
			gateway.stop();
			awaitEnd(connection);
		}
	}

	private static NettyTcpConnection connect(NettyClientConnectionFactory connectionFactory) {
		try {
			return (NettyTcpConnection) connectionFactory.getConnection();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ProbeFailedException("interrupted", ex);
		}
	}

	/**
	 * Lets the connection end in order: whoever asked may close the event loops.
	 */
	private static void awaitEnd(@Nullable NettyTcpConnection connection) {
		try {
			if (connection != null) {
				connection.awaitEnd(END);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private NettyClientConnectionFactory connectionFactory(ProbeRequest request) {
		int length = request.bytes().length;
		NettyClientConnectionFactory connectionFactory = new NettyClientConnectionFactory(request.host(),
				request.port(), this.eventLoops);
		if (request.framing() == Framing.STREAM) {
			connectionFactory.setDeserializer((input) -> input.readNBytes(length));
		}
		else {
			connectionFactory.setFrames(new Frames(request.framing(), length));
		}
		if (request.tls() != null) {
			connectionFactory.setTls(request.tls().tls(), request.tls().serverName());
		}
		connectionFactory.setConnectTimeout(request.timeout());
		connectionFactory.setSendTimeout(request.timeout());
		connectionFactory.setBeanFactory(this.beanFactory);
		connectionFactory.setApplicationEventPublisher((event) -> {
		});
		connectionFactory.afterPropertiesSet();
		return connectionFactory;
	}

	private TcpOutboundGateway gateway(ProbeRequest request, NettyClientConnectionFactory connectionFactory,
			QueueChannel replies) {
		TcpOutboundGateway gateway = new TcpOutboundGateway();
		gateway.setConnectionFactory(connectionFactory);
		gateway.setRemoteTimeout(request.timeout().toMillis());
		gateway.setSecondChanceDelay(0);
		gateway.setReplyChannel(replies);
		gateway.setIntegrationEvaluationContext(new StandardEvaluationContext());
		gateway.setBeanFactory(this.beanFactory);
		gateway.afterPropertiesSet();
		return gateway;
	}

	private static void check(byte[] sent, @Nullable Message<?> reply, int number) {
		byte[] received = (byte[]) Objects.requireNonNull(reply).getPayload();
		int difference = Arrays.mismatch(sent, received);
		if (difference == received.length) {
			throw new ProbeFailedException(
					"reply %d ended after %d of %d bytes".formatted(number, received.length, sent.length), null);
		}
		if (difference >= 0) {
			throw new ProbeFailedException(
					"reply %d differs from what was sent at byte %d".formatted(number, difference + 1), null);
		}
	}

	private static String describe(ProbeRequest request, RuntimeException failure) {
		if (failure instanceof MessageTimeoutException) {
			return "no reply within %d ms".formatted(request.timeout().toMillis());
		}
		Throwable cause = Objects.requireNonNull(NestedExceptionUtils.getMostSpecificCause(failure));
		return switch (cause) {
			case EOFException ignored -> "the connection was closed before a reply";
			case ConnectTimeoutException ignored ->
				"no connection within %d ms".formatted(request.timeout().toMillis());
			case java.net.UnknownHostException ignored -> "the host is unknown";
			case SSLException tls -> String.valueOf(tls.getMessage());
			case IOException io -> FailureText.of(io);
			default -> cause.toString();
		};
	}

}
