package dev.echod.classic;

/**
 * A connection of Spring's that the registry knows.
 */
interface Counted {

	ServedConnection served();

}
