package dev.echod.bench;

import java.util.List;

/**
 * What the clients do.
 *
 * @param size of a message, as the load client takes it
 * @param depth messages in flight on a connection
 */
record Workload(int connections, String size, int depth) {

	/**
	 * Small messages of few and of many clients, of one alone, pipelined, and large ones.
	 */
	static final List<Workload> ALL = List.of(new Workload(50, "64B", 1), new Workload(500, "64B", 1),
			new Workload(50, "64B", 16), new Workload(1, "64B", 1), new Workload(1, "64KB", 8));

	@Override
	public String toString() {
		return "%d × %s, %d in flight".formatted(this.connections, this.size.replaceAll("(\\d)(\\D)", "$1 $2"),
				this.depth);
	}

}
