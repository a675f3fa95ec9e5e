package dev.echod.framing;

/**
 * The reply to an {@link HttpRequest}.
 *
 * @param status such as 200
 * @param body text, sent as UTF-8; not sent to a HEAD request
 * @param allow methods for the Allow header; empty for none
 */
public record HttpReply(int status, String body, String allow) {

}
