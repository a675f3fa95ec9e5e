package dev.echod.listener;

/**
 * The threads of a listener that has one for each connection.
 */
public enum Threads {

	/**
	 * Threads of the JVM, which many share a few of the system's.
	 */
	VIRTUAL,

	/**
	 * Threads of the system.
	 */
	PLATFORM

}
