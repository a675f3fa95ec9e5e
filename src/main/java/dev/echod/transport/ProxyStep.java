package dev.echod.transport;

import dev.echod.connection.CloseReason;
import dev.echod.proxy.ProxyException;
import dev.echod.proxy.ProxyProtocol;
import io.netty.channel.ChannelPipeline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Awaits a PROXY header, or that there is none.
 */
record ProxyStep(ProxyProtocol protocol) implements ArrivalStep {

	private static final Logger logger = LoggerFactory.getLogger(ProxyStep.class);

	@Override
	public void await(ChannelPipeline pipeline, ChannelArrival arrival) {
		try {
			pipeline.addLast(new ProxyHandler(this.protocol.reader(arrival.endpoints().peer().getAddress()), arrival));
		}
		catch (ProxyException ex) {
			logger.debug("{} is not read: {}", pipeline.channel(), ex.getMessage());
			arrival.fail(ex.reason());
		}
	}

	@Override
	public CloseReason unfinished() {
		return CloseReason.PROXY_INVALID;
	}

}
