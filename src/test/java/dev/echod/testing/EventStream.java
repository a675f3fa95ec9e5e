package dev.echod.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a viewer of the stats page's stream is sent, read on a thread of its own.
 */
public final class EventStream implements AutoCloseable {

	private static final long SECONDS = 30;

	private static final Event OVER = new Event("", "over", "");

	private final HttpClient http = HttpClient.newHttpClient();

	private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

	private EventStream(int port, String... headers) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/stream".formatted(port)))
			.headers(headers)
			.build();
		HttpResponse<Stream<String>> response = this.http.send(request, HttpResponse.BodyHandlers.ofLines());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
		Thread.ofVirtual().start(() -> read(response.body().iterator()));
	}

	/**
	 * Opens the stream as a user such as {@link AdminClient#VIEWER}, with more headers.
	 */
	public static EventStream as(String credentials, int port, String... headers) throws Exception {
		String basic = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
		String[] all = new String[headers.length + 2];
		System.arraycopy(headers, 0, all, 2, headers.length);
		all[0] = "Authorization";
		all[1] = basic;
		return new EventStream(port, all);
	}

	/**
	 * Opens the stream as a browser does that is logged in.
	 */
	public static EventStream of(Login login, int port) throws Exception {
		return new EventStream(port, "Cookie", login.cookie());
	}

	private void read(Iterator<String> lines) {
		String id = "";
		String name = "";
		String data = "";
		try {
			while (lines.hasNext()) {
				String line = lines.next();
				if (line.isEmpty() && !name.isEmpty()) {
					this.events.add(new Event(id, name, data));
					name = "";
				}
				else if (line.startsWith("id: ")) {
					id = line.substring(4);
				}
				else if (line.startsWith("event: ")) {
					name = line.substring(7);
				}
				else if (line.startsWith("data: ")) {
					data = line.substring(6);
				}
			}
		}
		catch (RuntimeException ex) {
			// It was cut off.
		}
		this.events.add(OVER);
	}

	/**
	 * The next event, which is awaited.
	 */
	public Event next() throws InterruptedException {
		Event event = this.events.poll(SECONDS, TimeUnit.SECONDS);
		assertThat(event).as("an event").isNotNull().isNotSameAs(OVER);
		return Objects.requireNonNull(event);
	}

	/**
	 * The next sample that is so.
	 */
	public Event next(Predicate<Event> wanted) throws InterruptedException {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
		Event event = next();
		while (!wanted.test(event)) {
			assertThat(deadline - System.nanoTime()).as(event.data()).isPositive();
			event = next();
		}
		return event;
	}

	/**
	 * Waits for the end of the stream, whatever comes before it.
	 */
	public void awaitOver() throws InterruptedException {
		Event event;
		do {
			event = this.events.poll(SECONDS, TimeUnit.SECONDS);
			assertThat(event).as("the end").isNotNull();
		}
		while (!OVER.equals(event));
	}

	@Override
	public void close() {
		this.http.shutdownNow();
		this.http.close();
	}

	/**
	 * An event.
	 */
	public record Event(String id, String name, String data) {

		/**
		 * What its data has at this place.
		 */
		@SuppressWarnings("TypeParameterUnusedInFormals") // as JsonPath's own
		public <T> T read(String path) {
			return JsonPath.read(this.data, path);
		}

		/**
		 * The number at the end of its id.
		 */
		public long number() {
			return Long.parseLong(this.id.substring(this.id.indexOf('-') + 1));
		}

	}

}
