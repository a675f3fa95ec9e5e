package dev.echod.transport;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ServiceFailedException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.integration.ip.tcp.inbound.TcpInboundGateway;
import org.springframework.integration.ip.tcp.connection.AbstractConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.support.ErrorMessage;
import org.springframework.util.Assert;

/**
 * An inbound gateway that does not wait for replies. It sends each message to its request
 * channel on the connection's event loop and goes on to the next; replies come back
 * through the {@code replyChannel} header, which is the connection's own.
 * <p>
 * The flow behind it must not block, unless told that it may. Where a flow fails, its
 * connection is closed: bytes would be missing from what it returns.
 */
public class NonBlockingTcpInboundGateway extends TcpInboundGateway implements NonBlockingTcpListener {

	private @Nullable NettyServerConnectionFactory connectionFactory;

	private @Nullable MessageChannel requestChannel;

	private boolean mayBlock;

	/**
	 * Sets the connection factory, and gives it a {@link BufferMessageMapper} if it has
	 * none yet.
	 * @param connectionFactory a {@link NettyServerConnectionFactory} that is not for
	 * single use
	 */
	@Override
	public void setConnectionFactory(AbstractConnectionFactory connectionFactory) {
		Assert.isInstanceOf(NettyServerConnectionFactory.class, connectionFactory);
		Assert.isTrue(!connectionFactory.isSingleUse(),
				"A single-use connection is closed after its reply, which this gateway does not wait for");
		this.connectionFactory = (NettyServerConnectionFactory) connectionFactory;
		if (!(connectionFactory.getMapper() instanceof BufferMessageMapper)) {
			connectionFactory.setMapper(new BufferMessageMapper());
		}
		super.setConnectionFactory(connectionFactory);
	}

	/**
	 * Whether the flow behind the gateway may block. It is then handed the messages of a
	 * connection on virtual threads, one at a time.
	 */
	public void setMayBlock(boolean mayBlock) {
		this.mayBlock = mayBlock;
	}

	@Override
	public boolean mayBlock() {
		return this.mayBlock;
	}

	@Override
	protected void doStart() {
		this.requestChannel = getRequestChannel();
		Assert.state(this.requestChannel != null, "A request channel is required");
		super.doStart();
	}

	@Override
	public void onMessage(Message<?> message) {
		if (message instanceof ErrorMessage) {
			return;
		}
		try {
			MessageChannel channel = this.requestChannel;
			Assert.state(channel != null && channel.send(message), "The request channel did not take the message");
		}
		catch (Exception ex) {
			failed(message, ex);
		}
	}

	private void failed(Message<?> message, Exception ex) {
		Object id = message.getHeaders().get(IpHeaders.CONNECTION_ID);
		CloseReason reason = ServiceFailedException.reasonOf(ex);
		if (reason == CloseReason.SERVICE_FAILED) {
			this.logger.warn("%s is closed, its message could not be handled: %s".formatted(id,
					NestedExceptionUtils.getMostSpecificCause(ex)));
		}
		this.logger.debug(ex, "Failed to handle a message");
		ReferenceCountUtil.safeRelease(message.getPayload());
		if (this.connectionFactory != null && id instanceof String connectionId) {
			this.connectionFactory.serviceFailed(connectionId, reason);
		}
	}

	/**
	 * Does nothing: replies find their connection by the message's reply channel.
	 */
	@Override
	public void addNewConnection(TcpConnection connection) {
	}

	/**
	 * Does nothing, as no connection was added.
	 */
	@Override
	public void removeDeadConnection(TcpConnection connection) {
	}

	/**
	 * Does not start to drop messages, as a stock gateway does: what comes in before the
	 * stop is answered.
	 */
	@Override
	public int beforeShutdown() {
		return 0;
	}

}
