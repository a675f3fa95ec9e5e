package dev.echod.framing;

/**
 * An HTTP request, as far as a service needs it; its body is discarded.
 *
 * @param method such as GET, in the case it came in
 * @param path without the query
 * @param invalid 0, or the status that says what is wrong with it: 400, 414, 431
 */
public record HttpRequest(String method, String path, int invalid) {

}
