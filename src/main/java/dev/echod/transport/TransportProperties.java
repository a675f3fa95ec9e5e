package dev.echod.transport;

/**
 * The settings of the event loops that all listeners share.
 *
 * @param transport the interface to the operating system
 * @param eventLoops the number of event loops; 0 is one for each processor
 */
public record TransportProperties(Transport transport, int eventLoops) {

}
