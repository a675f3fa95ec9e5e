package dev.echod.testing;

import java.io.IOException;
import java.net.http.HttpResponse;

import com.jayway.jsonpath.JsonPath;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A session of the stats page, as a browser has it.
 *
 * @param cookie name and value
 * @param csrf what changes have to come with
 */
public record Login(String cookie, String csrf) {

	private static final String[] FORM = { "Content-Type", "application/x-www-form-urlencoded" };

	/**
	 * Sends the form.
	 * @param client one of the root path
	 */
	public static HttpResponse<String> submit(AdminClient client, String form, String... headers)
			throws IOException, InterruptedException {
		String[] all = new String[headers.length + FORM.length];
		System.arraycopy(FORM, 0, all, 0, FORM.length);
		System.arraycopy(headers, 0, all, FORM.length, headers.length);
		return client.call(AdminClient.NOBODY, "POST", "login", form, all);
	}

	/**
	 * Logs in with a name and password such as {@link AdminClient#OPERATOR}.
	 */
	public static Login as(AdminClient client, String credentials) throws IOException, InterruptedException {
		HttpResponse<String> response = submit(client, "username=" + credentials.replace(":", "&password="));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
		String cookie = response.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
		HttpResponse<String> me = client.call(AdminClient.NOBODY, "GET", "me", "", "Cookie", cookie);
		assertThat(me.statusCode()).as(me.body()).isEqualTo(200);
		return new Login(cookie, JsonPath.read(me.body(), "$.csrf"));
	}

	/**
	 * Calls with the cookie alone.
	 */
	public HttpResponse<String> get(AdminClient client, String path) throws IOException, InterruptedException {
		return client.call(AdminClient.NOBODY, "GET", path, "", "Cookie", this.cookie);
	}

	/**
	 * Changes something with the cookie and this token.
	 */
	public HttpResponse<String> change(AdminClient client, String method, String path, String body, String token)
			throws IOException, InterruptedException {
		return client.call(AdminClient.NOBODY, method, path, body, "Cookie", this.cookie, "X-CSRF-Token", token);
	}

}
