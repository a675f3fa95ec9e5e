package dev.echod.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.echod.transport.Transport;

/**
 * A way to serve echo that is measured.
 *
 * @param mostClients that it serves at a time
 * @param start starts it
 */
record Contender(String name, int mostClients, Supplier<Server> start) {

	private static final String ONE_LOOP = "--echod.event-loops=1";

	/**
	 * As many as a listener has unless it is told otherwise.
	 */
	private static final int PROCESSES = 256;

	private static final String CONCURRENCY = "--echod.listeners.echo.concurrency=";

	/**
	 * For Spring's own: what is enough for echod, {@code TcpNio…} runs out of with 500
	 * clients.
	 */
	private static final String LARGE_HEAP = "-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xmx2g";

	private static final Path SOURCES = Path.of("src/bench/c");

	/**
	 * All that this machine can serve, those in C first, where it has a compiler.
	 * @param folder for what is compiled
	 */
	static List<Contender> all(Path folder) throws IOException, InterruptedException {
		List<Contender> all = new ArrayList<>();
		if (Machine.compiler().isPresent()) {
			Path epoll = compile("epoll_echo", folder);
			Path threads = compile("pthread_echo", folder);
			all.add(of("C, epoll, one thread", () -> Server.start(List.of(epoll.toString()))));
			all.add(of("C, a thread for each connection", () -> Server.start(List.of(threads.toString()))));
		}
		String flags = System.getProperty("echod.jvm-flags");
		for (Transport transport : Transport.available()) {
			all.add(of("Netty alone, " + transport, () -> Server.java(flags, NettyEcho.class, transport.toString())));
		}
		for (Transport transport : Transport.available()) {
			all.add(of("echod, event-loop, " + transport,
					() -> Server.echod(ONE_LOOP, "--echod.transport=" + transport)));
		}
		all.add(of("echod, thread, virtual", () -> echod("thread")));
		all.add(of("echod, thread, platform", () -> echod("thread", "--echod.listeners.echo.threads=platform")));
		all.add(new Contender("echod, process (cat)", PROCESSES, () -> echod("process")));
		all.add(new Contender("echod, serial", 1, () -> echod("serial")));
		all.add(of("echod, selector", () -> echod("selector")));
		all.add(of("Spring Integration, TcpNet… (2 GB)", () -> Server.java(LARGE_HEAP, SpringEcho.class, "net")));
		all.add(of("Spring Integration, TcpNio… (2 GB)", () -> Server.java(LARGE_HEAP, SpringEcho.class, "nio")));
		return all;
	}

	private static Contender of(String name, Supplier<Server> start) {
		return new Contender(name, Integer.MAX_VALUE, start);
	}

	private static Server echod(String concurrency, String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add(CONCURRENCY + concurrency);
		return Server.echod(all.toArray(String[]::new));
	}

	private static Path compile(String name, Path folder) throws IOException, InterruptedException {
		Path program = Files.createDirectories(folder).resolve(name);
		int code = new ProcessBuilder(Machine.COMPILER, "-O2", "-Wall", "-Werror", "-pthread", "-o", program.toString(),
				SOURCES.resolve(name + ".c").toString())
			.inheritIO()
			.start()
			.waitFor();
		if (code != 0) {
			throw new IllegalStateException(name + " cannot be compiled");
		}
		return program;
	}

}
