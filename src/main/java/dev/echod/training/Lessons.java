package dev.echod.training;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;

import javax.net.SocketFactory;

/**
 * What the service is to do, most of it what it will do most: what is stored of a method
 * is what it was first called with, so that the other listeners come after the echo.
 */
final class Lessons {

	private static final Clients.Dialog ECHO = Clients.Dialog.echoOf("x".repeat(64));

	private static final Clients.Dialog LARGE_ECHO = Clients.Dialog.echoOf("x".repeat(16 * 1024));

	private static final Clients.Dialog LINE = Clients.Dialog.echoOf("a line\n");

	private static final int STORM = 200;

	private static final Duration SHORT = Duration.ofMillis(200);

	private final TrainedService service;

	private final Clients clients;

	private final Clients securedClients;

	Lessons(TrainedService service, Certificate certificate) throws IOException {
		this.service = service;
		this.clients = new Clients(SocketFactory.getDefault());
		this.securedClients = new Clients(certificate.sockets());
	}

	/**
	 * Gives all lessons.
	 * @param load how long the echo listener is loaded, and as long stormed
	 */
	void giveAll(Duration load) throws IOException {
		int echo = this.service.port("echo");
		AdminCalls admin = this.service.admin();
		this.clients.talk(echo, 16, ECHO, load);
		for (long end = System.nanoTime() + load.toNanos(); end - System.nanoTime() > 0;) {
			this.clients.storm(echo, STORM, ECHO);
		}
		this.clients.talk(echo, 4, LARGE_ECHO, SHORT);
		for (Map.Entry<String, Clients.Dialog> other : others().entrySet()) {
			int port = this.service.port(other.getKey());
			this.clients.storm(port, 10, other.getValue());
			this.clients.talk(port, 4, other.getValue(), SHORT);
		}
		this.securedClients.storm(this.service.port("secured"), 50, ECHO);
		this.securedClients.talk(this.service.port("secured"), 8, ECHO, load.dividedBy(4));
		ExecutorService crowd = this.clients.crowd(echo, 50);
		try {
			for (int round = 0; round < 5; round++) {
				admin.readAll();
				admin.change(echo);
			}
			admin.drain();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("interrupted", ex);
		}
		finally {
			crowd.close();
		}
	}

	private static Map<String, Clients.Dialog> others() {
		Map<String, Clients.Dialog> others = new LinkedHashMap<>();
		others.put("lf", LINE);
		others.put("crlf", Clients.Dialog.echoOf("a line\r\n"));
		others.put("length-1", Clients.Dialog.echoOf("\6length"));
		others.put("length-2", Clients.Dialog.echoOf("\0\6length"));
		others.put("length-4", Clients.Dialog.echoOf("\0\0\0\6length"));
		others.put("stx-etx", Clients.Dialog.echoOf("\2text\3"));
		others.put("discard", new Clients.Dialog("", "nobody hears", 0));
		others.put("chat", LINE);
		others.put("http", new Clients.Dialog("", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 1));
		others.put("relay", LINE);
		others.put("thread", ECHO);
		others.put("serial", ECHO);
		others.put("selector", LINE);
		others.put("proxied", new Clients.Dialog("PROXY TCP4 192.0.2.1 192.0.2.2 1024 80\r\n", ECHO.message(), 64));
		return others;
	}

}
