package dev.echod.gateway;

import dev.echod.connection.CloseReason;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.integration.ip.tcp.inbound.TcpInboundGateway;
import org.springframework.integration.ip.tcp.connection.AbstractConnectionFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.support.ErrorMessage;
import org.springframework.util.Assert;

/**
 * An inbound gateway that does not wait for replies. It sends each message to its request
 * channel and goes on to the next; replies come back through the {@code replyChannel}
 * header, which is the connection's own.
 * <p>
 * On event loops the flow behind it must not block, unless told that it may. Where a flow
 * fails, its connection is closed: a reply would be missing from what it returns.
 */
public class NonBlockingTcpInboundGateway extends TcpInboundGateway implements NonBlockingTcpListener {

	private @Nullable MessageChannel requestChannel;

	private boolean mayBlock;

	/**
	 * Sets the connection factory, and gives it a {@link ConnectionMessageMapper} if it
	 * has none yet. The gateway is not told of each connection: a reply goes to the one
	 * that its request came from.
	 * @param connectionFactory one whose connections are {@link MessageConnection}s, and
	 * not for single use
	 */
	@Override
	public void setConnectionFactory(AbstractConnectionFactory connectionFactory) {
		Assert.isTrue(!connectionFactory.isSingleUse(),
				"A single-use connection is closed after its reply, which this gateway does not wait for");
		if (!(connectionFactory.getMapper() instanceof ConnectionMessageMapper)) {
			connectionFactory.setMapper(new ConnectionMessageMapper());
		}
		super.setConnectionFactory(connectionFactory);
		connectionFactory.unregisterSender(this);
	}

	/**
	 * Whether the flow behind the gateway may block. On event loops it is then handed the
	 * messages of a connection on virtual threads, one at a time.
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
		catch (Throwable ex) {
			failed(message, ex);
		}
	}

	private void failed(Message<?> message, Throwable failure) {
		Object id = message.getHeaders().get(IpHeaders.CONNECTION_ID);
		if (CloseReasons.ofService(failure) == CloseReason.SERVICE_FAILED) {
			this.logger.warn("%s is closed, its message could not be handled: %s".formatted(id,
					NestedExceptionUtils.getMostSpecificCause(failure)));
		}
		this.logger.debug(failure, "Failed to handle a message");
		if (message.getHeaders().getReplyChannel() instanceof ReplyChannel channel) {
			channel.connection().failed(message, failure);
		}
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
