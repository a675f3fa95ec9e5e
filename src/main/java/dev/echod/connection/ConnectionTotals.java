package dev.echod.connection;

/**
 * What a listener's connections amount to since the start.
 *
 * @param arriving connections accepted that are not ready: a PROXY header or a TLS
 * handshake is awaited
 * @param active connections open now
 * @param opened connections accepted
 * @param closed connections ended, without the silent
 * @param silent connections that their peer ended without a byte, as balancers' checks do
 * @param refused clients turned away
 * @param bytesReceived bytes read
 * @param bytesSent bytes handed over to be written
 * @param messages messages received
 */
public record ConnectionTotals(long arriving, long active, long opened, long closed, long silent, long refused,
		long bytesReceived, long bytesSent, long messages) {

}
