package dev.echod.framing;

import io.netty.handler.codec.http.HttpMethod;

/**
 * An HTTP request, as far as a service needs it; its body is discarded.
 *
 * @param method such as GET, in the case it came in
 * @param path without the query
 * @param invalid 0, or the status that says what is wrong with it: 400, 414, 431
 * @param http10 whether its version is HTTP/1.0
 * @param keepAlive whether another request may follow on the connection (RFC 9112,
 * section 9.3)
 */
public record HttpRequest(String method, String path, int invalid, boolean http10, boolean keepAlive) {

	/**
	 * What could not be read as a request; the connection is closed after the reply.
	 */
	static HttpRequest invalid(String method, int status) {
		return new HttpRequest(method, "", status, false, false);
	}

	boolean isHead() {
		return this.method.equals(HttpMethod.HEAD.name());
	}

}
