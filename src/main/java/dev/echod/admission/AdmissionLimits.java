package dev.echod.admission;

/**
 * How many clients are let in; 0 is no limit.
 *
 * @param connections open at a time
 * @param connectionsPerAddress open at a time from an IPv4 address, or from an IPv6 /64
 * @param acceptsPerSecond in the long run; a tenth of a second's worth may come at once
 */
public record AdmissionLimits(int connections, int connectionsPerAddress, int acceptsPerSecond) {

}
