package dev.echod.framing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;

/**
 * Requests that a fuzzer puts together, and what is to be made of them.
 */
final class HttpScript {

	private static final int MOST_REQUESTS = 4;

	private static final int MOST_FIELDS = 100;

	private static final int LONGEST_HEAD = 16 * 1024;

	private static final String INVALID = "invalid";

	private static final String[] METHODS = { "GET", "HEAD", "POST", "OPTIONS", "PATCH", "get" };

	private static final Target[] TARGETS = { new Target("/", "/"), new Target("/a/b", "/a/b"), new Target("/?q", "/"),
			new Target("/a?http://b/c", "/a"), new Target("*", "*"), new Target("//a", "//a"),
			new Target("http://a", "/"), new Target("http://a/", "/"), new Target("http://a:80/b?c", "/b"),
			new Target("HTTPS://a/b", "/b"), new Target("https://a?b/c", "/"), new Target("ftp://a/b", "ftp://a/b"),
			new Target("http:/a", "http:/a") };

	private final StringBuilder text = new StringBuilder();

	private final List<String> expected = new ArrayList<>();

	private boolean ended;

	private boolean truncated;

	private HttpScript() {
	}

	/**
	 * Puts some requests together, the last of them cut short perhaps.
	 */
	static HttpScript from(FuzzedDataProvider data) {
		HttpScript script = new HttpScript();
		for (int i = 0; i < MOST_REQUESTS && !script.truncated && data.remainingBytes() > 0; i++) {
			script.add(data);
		}
		return script;
	}

	/**
	 * What came out of a decoder, in few words. Where two things are wrong either may be
	 * met first, so that the status says nothing here.
	 */
	static String text(Object message) {
		if (!(message instanceof HttpRequest request)) {
			return message.toString();
		}
		return (request.invalid() != 0) ? INVALID : "%s %s %s %s".formatted(request.method(), request.path(),
				request.http10() ? "1.0" : "1.1", request.keepAlive());
	}

	byte[] bytes() {
		return this.text.toString().getBytes(StandardCharsets.ISO_8859_1);
	}

	List<String> expected() {
		return this.expected;
	}

	boolean isTruncated() {
		return this.truncated;
	}

	private void add(FuzzedDataProvider data) {
		String newline = (data.consumeInt(0, 15) == 7) ? "\n" : "\r\n";
		Target target = data.pickValue(TARGETS);
		String method = data.pickValue(METHODS);
		boolean http10 = data.consumeBoolean();
		int hosts = data.pickValue(new int[] { 1, 1, 1, 0, 2 });
		boolean folded = data.consumeInt(0, 15) == 7;
		String connection = data.pickValue(new String[] { "", "", "close", "keep-alive" });
		boolean continues = data.consumeBoolean();
		Body body = Body.from(data, newline, http10);

		List<String> fields = new ArrayList<>();
		for (int i = 0; i < hosts; i++) {
			fields.add("Host: a");
		}
		if (folded) {
			fields.add("Folded: a" + newline + data.pickValue(new String[] { " b", "\tb", " ", " b: c" }));
		}
		if (!connection.isEmpty()) {
			fields.add("Connection: " + connection);
		}
		if (continues) {
			fields.add("Expect: 100-continue");
		}
		fields.addAll(body.fields());
		addSome(fields, data, data.consumeInt(12_000, 18_000));
		String head = method + " " + target.text() + (http10 ? " HTTP/1.0" : " HTTP/1.1") + newline
				+ String.join(newline, fields) + (fields.isEmpty() ? "" : newline) + newline;
		this.text.append(head).append(body.text());
		if (this.ended) {
			return;
		}
		boolean tooLong = fields.size() > MOST_FIELDS || head.length() > LONGEST_HEAD;
		boolean keepAlive = http10 ? connection.equals("keep-alive") : !connection.equals("close");
		if (folded || tooLong || newline.length() == 1) {
			refuse();
			return;
		}
		if (continues && !http10) {
			this.expected.add(Interim.CONTINUE.toString());
		}
		if (body.hasTooManyTrailersAfter(fields)) {
			refuse();
		}
		else if (hosts > 1 || (!http10 && hosts == 0)) {
			refuse();
		}
		else {
			this.expected.add(text(new HttpRequest(method, target.path(), 0, http10, keepAlive)));
			this.ended = !keepAlive;
		}
		if (!this.ended && data.consumeInt(0, 7) == 5) {
			cut(continues && !http10 && body.text().isEmpty());
		}
	}

	private void refuse() {
		this.expected.add(INVALID);
		this.ended = true;
	}

	/**
	 * Leaves the last byte of the last request away.
	 * @param alsoInterim whether that is the end of a head with an interim reply
	 */
	private void cut(boolean alsoInterim) {
		this.text.setLength(this.text.length() - 1);
		this.expected.removeLast();
		if (alsoInterim) {
			this.expected.removeLast();
		}
		this.truncated = true;
		this.ended = true;
	}

	private static void addSome(List<String> fields, FuzzedDataProvider data, int longest) {
		int count = data.consumeBoolean() ? data.consumeInt(0, 3) : data.consumeInt(90, 110);
		for (int i = 0; i < count; i++) {
			fields.add("a%d: b".formatted(i));
		}
		if (data.consumeInt(0, 3) == 2) {
			fields.add("Long: " + "x".repeat(longest));
		}
	}

	@Override
	public String toString() {
		return this.text.toString();
	}

	private record Target(String text, String path) {

	}

	private record Body(List<String> fields, String text, List<String> trailers) {

		static Body from(FuzzedDataProvider data, String newline, boolean http10) {
			return switch (data.consumeInt(0, http10 ? 1 : 2)) {
				case 0 -> new Body(List.of(), "", List.of());
				case 1 -> counted(data);
				default -> chunked(data, newline);
			};
		}

		/**
		 * The fields before and after a body may not be longer together than a head.
		 */
		boolean hasTooManyTrailersAfter(List<String> head) {
			int length = Stream.concat(head.stream(), this.trailers.stream()).mapToInt(String::length).sum();
			return this.trailers.size() > MOST_FIELDS || (!this.trailers.isEmpty() && length > LONGEST_HEAD);
		}

		private static Body counted(FuzzedDataProvider data) {
			String content = data.consumeAsciiString(3_000);
			return new Body(List.of("Content-Length: " + content.length()), content, List.of());
		}

		private static Body chunked(FuzzedDataProvider data, String newline) {
			StringBuilder text = new StringBuilder();
			for (int i = data.consumeInt(0, 4); i > 0; i--) {
				String content = "%" + data.consumeAsciiString(300);
				text.append(Integer.toHexString(content.length()))
					.append(data.pickValue(new String[] { "", ";a=b", ";a=\"b\"" }))
					.append("\r\n")
					.append(content)
					.append("\r\n");
			}
			text.append("0\r\n");
			List<String> trailers = new ArrayList<>();
			if (data.consumeBoolean()) {
				addSome(trailers, data, data.pickValue(new int[] { 12_000, 18_000 }));
			}
			trailers.forEach((trailer) -> text.append(trailer).append(newline));
			text.append(newline);
			return new Body(List.of("Transfer-Encoding: chunked"), text.toString(), trailers);
		}

	}

}
