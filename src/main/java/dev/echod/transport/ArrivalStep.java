package dev.echod.transport;

import dev.echod.connection.CloseReason;
import io.netty.channel.ChannelPipeline;

/**
 * What is awaited of a client before its connection is ready.
 */
interface ArrivalStep {

	/**
	 * Adds the handler that awaits it, and tells the arrival when it is done.
	 */
	void await(ChannelPipeline pipeline, ChannelArrival arrival);

	/**
	 * Why a connection ends that does not come this far.
	 */
	CloseReason unfinished();

}
