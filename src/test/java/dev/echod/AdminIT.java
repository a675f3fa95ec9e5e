package dev.echod;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

import dev.echod.testing.AdminClient;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The passwords of the packaged service.
 */
class AdminIT {

	@Test
	void generatedPasswordIsLoggedOnceAndWorks() throws Exception {
		try (EchodProcess generated = EchodProcess.service()) {
			var password = Pattern.compile("user 'operator' has the generated password (\\S+) ")
				.matcher(generated.output());
			assertThat(password.find()).isTrue();
			try (AdminClient operator = new AdminClient(generated.adminPort())) {
				assertThat(operator.call("operator:" + password.group(1), "GET", "listeners", "").statusCode())
					.isEqualTo(200);
			}
			assertThat(password.find()).isFalse();
		}
	}

	@Tag("long")
	@Test
	void bcryptPasswordWorksWhereOtherMachinesReachTheAdminApi() throws Exception {
		String bcrypt = new BCryptPasswordEncoder(4).encode("secret");
		try (EchodProcess exposed = EchodProcess.service("--server.address=0.0.0.0",
				"--echod.admin.operator.password={bcrypt}" + bcrypt);
				TestClient client = new TestClient(exposed.adminPort())) {
			String basic = Base64.getEncoder().encodeToString(OPERATOR.getBytes(StandardCharsets.UTF_8));
			String headers = "Host: pod.example\r\nConnection: close\r\nAuthorization: Basic " + basic;
			client.send("GET /actuator/listeners HTTP/1.1\r\n%s\r\n\r\n".formatted(headers)
				.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(client.receiveToEnd(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 200");
		}
	}

}
