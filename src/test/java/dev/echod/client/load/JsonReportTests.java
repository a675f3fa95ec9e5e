package dev.echod.client.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The report is as its schema says.
 */
class JsonReportTests {

	private static final JsonMapper JSON = new JsonMapper();

	private static String report(int port, String options) throws Exception {
		LoadPlan plan = Loads.plan(options);
		List<JsonReport.Interval> intervals = new ArrayList<>();
		LoadResult result = new LoadRun(plan, Loads.trial(port),
				(interval) -> intervals.add(JsonReport.Interval.of(interval)))
			.run();
		return JsonReport.of(plan, List.of(JsonReport.Run.of(result, List.of(Expectation.of("errors=0")), intervals)))
			.toJson();
	}

	@ParameterizedTest
	@ValueSource(strings = { "--messages 100 --warm-up 0", "--rate 100 --duration 300ms --warm-up 0 --size 1-9",
			"--messages 100 --warm-up 0 --timeout 1s --connections 2" })
	void reportIsAsItsSchemaSays(String options) throws Exception {
		boolean fails = options.contains("--timeout");
		try (Peer peer = fails ? new Peer((server, socket) -> socket.getInputStream().readAllBytes()) : Peer.echo()) {
			JsonNode schema = JSON.readTree(JsonReport.schema());
			JsonNode report = JSON.readTree(report(peer.port(), options));
			check(report, schema, schema, "report");
			JsonNode run = report.get("runs").get(0);
			assertThat(run.get("verdict").asString())
				.isEqualTo(fails ? "TARGET_FAILED" : run.get("verdict").asString());
			assertThat(run.get("failures")).hasSize(fails ? 2 : 0);
			assertThat(run.get("expectations").get(0).get("met").asBoolean()).isEqualTo(!fails);
			assertThat(run.get("intervals")).isNotEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'version':1}", "{'version':1,'plan':null,'runs':[]}", "{'version':2}", "[]", "null",
			"PLAN,'runs':[null]}", "PLAN,'runs':[{}]}", "PLAN,'runs':[{'target':'a:1','verdict':'GOOD'}]}", "" })
	void whatIsNoReportIsRefused(String text, @TempDir Path directory) throws Exception {
		String plan = JSON.writeValueAsString(JsonReport.Plan.of(Loads.plan("--messages 1")));
		Path file = Files.writeString(directory.resolve("load.json"),
				text.replace("PLAN", "{'version':1,'plan':" + plan).replace('\'', '"'));
		assertThatIllegalArgumentException().isThrownBy(() -> JsonReport.read(file))
			.withMessage("--compare takes a file that --json wrote, of version 1, not '%s'", file);
		assertThat(JsonReport.read(Files.writeString(file, "{\"version\":1,\"plan\":" + plan + ",\"runs\":[]}")).runs())
			.isEmpty();
	}

	@Test
	void schemaNamesTheVersionOfTheReport() {
		JsonNode version = JSON.readTree(JsonReport.schema()).at("/properties/version/enum/0");
		assertThat(version.asInt()).isEqualTo(JsonReport.VERSION);
	}

	/**
	 * As much of JSON schema as ours uses.
	 */
	private static void check(JsonNode value, JsonNode rule, JsonNode schema, String where) {
		if (rule.has("$ref")) {
			check(value, schema.at(rule.get("$ref").asString().substring(1)), schema, where);
			return;
		}
		if (rule.has("enum")) {
			assertThat(rule.get("enum")).as(where).contains(value);
		}
		switch (rule.get("type").asString()) {
			case "object" -> {
				rule.get("required")
					.forEach((name) -> assertThat(value.has(name.asString())).as(where + "." + name).isTrue());
				value.properties().forEach((field) -> {
					String inner = where + "." + field.getKey();
					assertThat(rule.get("properties").has(field.getKey())).as(inner).isTrue();
					check(field.getValue(), rule.get("properties").get(field.getKey()), schema, inner);
				});
			}
			case "array" -> value.forEach((item) -> check(item, rule.get("items"), schema, where + "[]"));
			case "integer" -> assertThat(value.isIntegralNumber()).as(where).isTrue();
			case "number" -> assertThat(value.isNumber()).as(where).isTrue();
			case "boolean" -> assertThat(value.isBoolean()).as(where).isTrue();
			default -> assertThat(value.isString()).as(where).isTrue();
		}
	}

}
