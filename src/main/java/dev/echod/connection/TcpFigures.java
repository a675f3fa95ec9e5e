package dev.echod.connection;

/**
 * What the system's TCP tells of a connection.
 *
 * @param roundTripMicros the smoothed round-trip time (RFC 6298), in microseconds
 * @param retransmissions segments that were sent again
 */
public record TcpFigures(int roundTripMicros, int retransmissions) {
}
