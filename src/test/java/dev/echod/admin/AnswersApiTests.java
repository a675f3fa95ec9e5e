package dev.echod.admin;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.jayway.jsonpath.JsonPath;
import dev.echod.connection.Times;
import dev.echod.testing.TestClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.context.ApplicationContext;

import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

/**
 * What holds for each endpoint of ours, those to come as well.
 */
class AnswersApiTests extends StartedService {

	private static final Map<Class<? extends Annotation>, String> METHODS = Map.of(ReadOperation.class, "GET",
			WriteOperation.class, "POST", DeleteOperation.class, "DELETE");

	@Autowired
	@SuppressWarnings("NullAway.Init")
	private ApplicationContext context;

	@Test
	void eachOperationRefusesAnUnknownName() throws Exception {
		List<String> operations = new ArrayList<>();
		for (Object endpoint : this.context.getBeansWithAnnotation(WebEndpoint.class).values()) {
			if (endpoint.getClass().getName().startsWith("dev.echod.")) {
				String id = endpoint.getClass().getAnnotation(WebEndpoint.class).id();
				for (Method method : endpoint.getClass().getDeclaredMethods()) {
					String http = http(method);
					if (http != null) {
						String path = id + (hasSelector(method) ? "/any" : "");
						operations.add(http + " " + path);
						assertRefuses(http, path);
					}
				}
			}
		}
		assertThat(operations).contains("GET listeners", "POST listeners/any", "DELETE connections", "POST drain",
				"POST probe", "DELETE bulkclose");
	}

	private static @Nullable String http(Method method) {
		return METHODS.entrySet()
			.stream()
			.filter((each) -> method.isAnnotationPresent(each.getKey()))
			.map(Map.Entry::getValue)
			.findAny()
			.orElse(null);
	}

	private static boolean hasSelector(Method method) {
		return Arrays.stream(method.getParameters()).anyMatch((each) -> each.isAnnotationPresent(Selector.class));
	}

	private void assertRefuses(String http, String path) throws Exception {
		HttpResponse<String> response = http.equals("POST")
				? this.admin.call(OPERATOR, http, path, "{\"misspelt\":\"1\"}")
				: this.admin.call(OPERATOR, http, path + "?misspelt=1", "");
		assertThat(response.statusCode()).as(http + " " + path).isEqualTo(400);
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).as(http + " " + path)
			.startsWith("'misspelt' is not known");
	}

	@Test
	void eachTimeIsAlsoANumberOfSeconds() throws Exception {
		Set<String> seen = new TreeSet<>();
		connected(1).close();
		awaitNobody();
		try (TestClient client = connected(2)) {
			String id = idOf(client);
			for (String each : List.of("listeners", "listeners/echo", "connections", "connections?by=peer",
					"connections/" + id, "closedconnections", "bulkclose")) {
				addTimes(this.admin.call(OPERATOR, "GET", each, ""), seen);
			}
			addTimes(this.admin.call(OPERATOR, "DELETE", "connections?listener=echo&closesPerSecond=3&dryRun=true", ""),
					seen);
			addTimes(this.admin.call(OPERATOR, "POST", "probe",
					"{\"host\":\"127.0.0.1\",\"port\":%d,\"count\":2}".formatted(port())), seen);
			addTimes(this.admin.call(OPERATOR, "POST", "drain", "{\"announce\":\"1h\",\"quiet\":\"1500ms\"}"), seen);
			addTimes(this.admin.call(OPERATOR, "GET", "drain", ""), seen);
			addTimes(this.admin.call(OPERATOR, "DELETE", "drain", ""), seen);
		}
		assertThat(seen).contains("idleFor", "duration", "takes", "elapsed", "roundTrips", "median", "announce",
				"quiet", "deadline", "timeLeft", "maxAge", "writeStall", "handshake");
	}

	private static void addTimes(HttpResponse<String> response, Set<String> seen) {
		assertThat(response.statusCode()).as(response.body()).isBetween(200, 202);
		walk(JsonPath.read(response.body(), "$"), seen);
	}

	private static void walk(@Nullable Object json, Set<String> seen) {
		switch (json) {
			case Map<?, ?> object -> object.forEach((name, value) -> {
				if (isTime(value)) {
					seen.add(String.valueOf(name));
					assertSeconds(value, object.get(name + "Seconds"), String.valueOf(name));
				}
				walk(value, seen);
			});
			case List<?> list -> list.forEach((each) -> walk(each, seen));
			case null, default -> {
			}
		}
	}

	private static boolean isTime(@Nullable Object value) {
		return (value instanceof List<?> list) ? !list.isEmpty() && list.stream().allMatch(AnswersApiTests::isTime)
				: value instanceof String text && text.matches("-?PT[0-9].*");
	}

	private static void assertSeconds(@Nullable Object time, @Nullable Object seconds, String name) {
		if (time instanceof List<?> times && seconds instanceof List<?> numbers) {
			assertThat(numbers).as(name).hasSameSizeAs(times);
			for (int i = 0; i < times.size(); i++) {
				assertSeconds(times.get(i), numbers.get(i), name);
			}
		}
		else if (seconds instanceof Number number) {
			assertThat(number.doubleValue()).as(name)
				.isEqualTo(Times.seconds(Duration.parse(String.valueOf(time))), within(1e-9));
		}
		else {
			fail("'%s' has no seconds: %s", name, seconds);
		}
	}

}
