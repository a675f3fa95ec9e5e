package dev.echod.transport;

import java.nio.ByteBuffer;

import dev.echod.admission.Place;
import dev.echod.connection.Endpoints;
import dev.echod.proxy.ProxyException;
import dev.echod.proxy.ProxyReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Reads how a connection begins, asks again for a place when a proxy has named its
 * client, and takes itself away. What is data goes on.
 */
final class ProxyHandler extends ChannelInboundHandlerAdapter {

	private final ProxyReader reader;

	private final ChannelArrival arrival;

	private boolean failed;

	ProxyHandler(ProxyReader reader, ChannelArrival arrival) {
		this.reader = reader;
		this.arrival = arrival;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) throws ProxyException {
		ByteBuf bytes = (ByteBuf) msg;
		boolean known = false;
		try {
			known = !this.failed && read(bytes);
		}
		catch (ProxyException ex) {
			this.failed = true;
			throw ex;
		}
		finally {
			if (!known) {
				bytes.release();
			}
		}
		if (known) {
			proceed(ctx, bytes);
		}
	}

	private boolean read(ByteBuf bytes) throws ProxyException {
		ByteBuffer unread = bytes.nioBuffer();
		boolean known = this.reader.read(unread);
		bytes.skipBytes(bytes.readableBytes() - unread.remaining());
		return known;
	}

	private void proceed(ChannelHandlerContext ctx, ByteBuf rest) {
		Endpoints endpoints = this.arrival.endpoints().proxied(this.reader.proxied());
		if (!isAdmitted(ctx.channel(), endpoints)) {
			this.failed = true;
			rest.release();
			this.arrival.refused();
			return;
		}
		this.arrival.done((before) -> endpoints);
		byte[] data = this.reader.data();
		if (data.length == 0 && !rest.isReadable()) {
			this.arrival.heardNoMore();
		}
		pass(ctx, Unpooled.wrappedBuffer(data));
		pass(ctx, rest);
		ctx.pipeline().remove(this);
	}

	private boolean isAdmitted(Channel channel, Endpoints endpoints) {
		Place place = channel.attr(AcceptHandler.PROXY_PLACE).getAndSet(null);
		return place == null || this.reader.isOfProxy() || place.name(endpoints.client().getAddress());
	}

	private static void pass(ChannelHandlerContext ctx, ByteBuf bytes) {
		if (bytes.isReadable()) {
			ctx.fireChannelRead(bytes);
		}
		else {
			bytes.release();
		}
	}

	/**
	 * At the end of the time for a header, and at the peer's FIN, what came so far may be
	 * data.
	 */
	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws ProxyException {
		if (event == ChannelArrival.Expired.EVENT) {
			this.reader.expire();
			proceedUnread(ctx);
			return;
		}
		boolean ended = InputEnd.isToldBy(event);
		if (ended && !this.failed && !this.reader.isEmpty()) {
			this.reader.end();
			proceedUnread(ctx);
		}
		ctx.fireUserEventTriggered(event);
	}

	/**
	 * Nothing was read now, so that nobody else ends what is passed on as one read.
	 */
	private void proceedUnread(ChannelHandlerContext ctx) {
		proceed(ctx, Unpooled.EMPTY_BUFFER);
		ctx.fireChannelReadComplete();
	}

}
