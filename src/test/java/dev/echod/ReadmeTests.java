package dev.echod;

import java.io.IOException;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.echod.admin.AdminProperties;
import dev.echod.client.load.LoadCommand;
import dev.echod.client.load.LoadExitCode;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnectionsProperties;
import dev.echod.connection.RefusalReason;
import dev.echod.drain.Drain;
import dev.echod.drain.DrainProperties;
import dev.echod.listener.ListenerProperties;
import dev.echod.proxy.ProxyProtocol;
import dev.echod.service.RelayProperties;
import dev.echod.testing.Readme;
import dev.echod.tls.TlsProperties;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables of the README and its pages say what the code says.
 */
class ReadmeTests {

	/**
	 * The rows of the table whose first column has this title, by the name in backticks
	 * that each begins with.
	 */
	private static Map<String, String> table(String title) throws IOException {
		Map<String, String> rows = new LinkedHashMap<>();
		for (String row : Readme.rows(title)) {
			String[] cells = StringUtils.delimitedListToStringArray(row, "|");
			rows.put(cells[1].replace("`", "").strip(), cells[2].replace("`", "").strip());
		}
		return rows;
	}

	@Test
	void propertiesAndTheirDefaults() throws IOException {
		Map<String, String> properties = new LinkedHashMap<>();
		addProperties("echod.", EchodProperties.class, properties);
		properties.remove("echod.listeners");
		properties.remove("echod.closed-connections");
		properties.remove("echod.drain");
		properties.remove("echod.admin");
		addProperties("echod.listeners.<name>.", ListenerProperties.class, properties);
		properties.remove("echod.listeners.<name>.relay");
		properties.remove("echod.listeners.<name>.tls");
		properties.remove("echod.listeners.<name>.access");
		properties.remove("echod.listeners.<name>.keep-alive");
		properties.remove("echod.listeners.<name>.limits");
		addProperties("echod.listeners.<name>.relay.", RelayProperties.class, properties);
		properties.remove("echod.listeners.<name>.relay.tls");
		addProperties("echod.listeners.<name>.relay.tls.", RelayProperties.Tls.class, properties);
		addProperties("echod.listeners.<name>.tls.", TlsProperties.class, properties);
		properties.remove("echod.listeners.<name>.proxy-protocol");
		addProperties("echod.listeners.<name>.proxy-protocol.", ProxyProtocol.class, properties);
		addProperties("echod.listeners.<name>.access.", ListenerProperties.Access.class, properties);
		addProperties("echod.listeners.<name>.keep-alive.", ListenerProperties.KeepAlive.class, properties);
		addProperties("echod.listeners.<name>.limits.", ListenerProperties.Limits.class, properties);
		addProperties("echod.closed-connections.", ClosedConnectionsProperties.class, properties);
		addProperties("echod.drain.", DrainProperties.class, properties);
		properties.put("echod.access-log", Objects.requireNonNull(properties.remove("echod.access-log")));
		addProperties("echod.admin.operator.", AdminProperties.Operator.class, properties);
		addProperties("echod.admin.viewer.", AdminProperties.Viewer.class, properties);
		addProperties("echod.admin.x509.", AdminProperties.X509.class, properties);
		addProperties("echod.admin.jwt.", AdminProperties.Jwt.class, properties);
		assertThat(table("property")).containsExactlyEntriesOf(properties);
	}

	private static void addProperties(String prefix, Class<? extends Record> type, Map<String, String> properties) {
		RecordComponent[] components = type.getRecordComponents();
		Parameter[] parameters = type.getDeclaredConstructors()[0].getParameters();
		for (int i = 0; i < components.length; i++) {
			String name = prefix + dashed(components[i].getName());
			properties.put(name, String.join(",", parameters[i].getAnnotation(DefaultValue.class).value()));
		}
	}

	private static String dashed(String camelCase) {
		return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	@Test
	void closeReasons() throws IOException {
		assertThat(table("close reason").keySet())
			.containsExactlyElementsOf(names(Arrays.stream(CloseReason.values())));
	}

	@Test
	void refusalReasons() throws IOException {
		assertThat(table("refusal reason").keySet())
			.containsExactlyElementsOf(names(Arrays.stream(RefusalReason.values())));
	}

	@Test
	void limits() throws IOException {
		List<String> limits = new ArrayList<>(List.of("access"));
		Arrays.stream(ListenerProperties.Limits.class.getRecordComponents())
			.forEach((limit) -> limits.add(dashed(limit.getName())));
		assertThat(Readme.names("## Limits")).containsExactlyInAnyOrderElementsOf(limits);
	}

	@Test
	void exitCodes() throws IOException {
		assertThat(table("code").keySet()).containsExactly("0", "1", String.valueOf(Drain.FORCED_EXIT_CODE));
	}

	@Test
	void optionsOfTheLoadCommand() throws IOException {
		List<String> options = new CommandLine(new LoadCommand()).getCommandSpec()
			.options()
			.stream()
			.flatMap((option) -> Stream.of(option.names()))
			.toList();
		assertThat(table("option").keySet()
			.stream()
			.flatMap((names) -> Stream.of(names.split(", ")))
			.map((name) -> name.replace("`", ""))).containsExactlyInAnyOrderElementsOf(options);
	}

	@Test
	void exitCodesOfTheLoadCommand() throws IOException {
		assertThat(table("exit code").keySet()).containsExactlyElementsOf(
				Arrays.stream(LoadExitCode.values()).map((code) -> String.valueOf(code.code())).toList());
	}

	private static List<String> names(Stream<? extends Enum<?>> constants) {
		return constants.map(Enum::name).toList();
	}

}
