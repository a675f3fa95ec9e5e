package dev.echod.stats;

import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.echod.admin.AdminApi;
import dev.echod.testing.AdminClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Value;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The pages and what they are made of, of a started service.
 */
@AdminApi
class AssetsTests {

	@Value("${local.server.port}")
	private int adminPort;

	@SuppressWarnings("NullAway.Init")
	private AdminClient client;

	@BeforeEach
	void connect() {
		this.client = AdminClient.under("/", this.adminPort);
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	@Test
	void pagesReferToTheirVersionOfTheFilesWhichIsKeptForGood() throws Exception {
		HttpResponse<String> login = this.client.call(NOBODY, "GET", "login", "");
		assertThat(login.statusCode()).isEqualTo(200);
		assertThat(login.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
		Matcher reference = Pattern.compile("\"(assets/[0-9a-f]{16}/\\S+\\.css)\"").matcher(login.body());
		assertThat(reference.find()).as(login.body()).isTrue();
		HttpResponse<String> file = this.client.call(NOBODY, "GET", reference.group(1), "");
		assertThat(file.statusCode()).isEqualTo(200);
		assertThat(file.headers().firstValue("Content-Type")).hasValue("text/css");
		assertThat(file.headers().firstValue("Cache-Control")).hasValue("max-age=31536000, public, immutable");
		assertThat(file.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
	}

	@Test
	void fileOfAnotherVersionIsThereAndIsNotKept() throws Exception {
		for (String path : new String[] { "assets/base.css", "assets/0123456789abcdef/base.css" }) {
			HttpResponse<String> file = this.client.call(NOBODY, "GET", path, "");
			assertThat(file.statusCode()).as(path).isEqualTo(200);
			assertThat(file.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "assets/index.html", "assets/nothing.js", "assets/", "assets", "assets/../application.yml",
			"assets/%2e%2e/application.yml", "assets/..%2fapplication.yml", "assets/x/../../application.yml" })
	void nothingElseIsThere(String path) throws Exception {
		assertThat(this.client.call(VIEWER, "GET", path, "").statusCode()).isIn(400, 404);
	}

	@Test
	void statsPageIsForThoseWhoLoggedIn() throws Exception {
		assertThat(this.client.call(NOBODY, "GET", "", "").statusCode()).isEqualTo(401);
		HttpResponse<String> page = this.client.call(VIEWER, "GET", "", "");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
	}

}
