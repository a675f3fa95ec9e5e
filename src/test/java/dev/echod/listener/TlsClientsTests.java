package dev.echod.listener;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.echod.connection.CloseReason;
import dev.echod.testing.Needs;
import dev.echod.testing.TestCertificates;
import dev.echod.tls.ReloadedBundles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Listeners with TLS, and the programs that people try them with.
 */
@ParameterizedClass
@MethodSource("ways")
@Tag("long")
class TlsClientsTests {

	private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

	private static final int LINES = 100;

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private String way;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	@SuppressWarnings("NullAway.Init")
	private TestListener server;

	static List<String> ways() {
		return TestListener.waysToServe().stream().filter((way) -> !way.equals("selector")).toList();
	}

	@BeforeEach
	void start() throws IOException {
		ReloadedBundles bundles = new ReloadedBundles();
		bundles.registerBundle("web", TestCertificates.bundle(AUTHORITY.rsaServer("localhost"), null));
		this.server = TestListener.servedBy(this.way, bundles, "tls.bundle=web");
		Files.writeString(authority(), AUTHORITY.pem());
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private Path authority() {
		return this.folder.resolve("ca.pem");
	}

	private String port() {
		return String.valueOf(this.server.port());
	}

	/**
	 * Sends lines to a program and ends its input, also when not all has come back.
	 */
	private String run(String... command) throws Exception {
		return run(0, command);
	}

	/**
	 * Sends lines to a program, takes so much of what it writes, ends its input, and
	 * takes the rest.
	 */
	private String run(int length, String... command) throws Exception {
		Needs.program(command[0]);
		Process process = new ProcessBuilder(command).redirectError(this.folder.resolve("errors").toFile()).start();
		byte[] begin;
		try (OutputStream input = process.getOutputStream()) {
			input.write(lines().getBytes(StandardCharsets.US_ASCII));
			input.flush();
			begin = process.getInputStream().readNBytes(length);
		}
		byte[] end = process.getInputStream().readAllBytes();
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		return new String(begin, StandardCharsets.US_ASCII) + new String(end, StandardCharsets.US_ASCII);
	}

	private static String lines() {
		StringBuilder lines = new StringBuilder();
		Stream.iterate(0, (number) -> number < LINES, (number) -> number + 1)
			.forEach((number) -> lines.append("line ").append(number).append('\n'));
		return lines.toString();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-tls1_3", "-tls1_2" })
	void openssl(String version) throws Exception {
		assertThat(run(lines().length(), "openssl", "s_client", "-connect", "127.0.0.1:" + port(), "-CAfile",
				authority().toString(), "-verify_return_error", "-quiet", "-no_ign_eof", version, "-nocommands"))
			.isEqualTo(lines());
		assertThat(this.server.closed().reason()).isEqualTo(CloseReason.PEER_CLOSED);
	}

	/**
	 * It ends its side without a close_notify, which is a truncation.
	 */
	@Test
	void ncat() throws Exception {
		assertThat(run(lines().length(), "ncat", "--ssl", "127.0.0.1", port())).isEqualTo(lines());
		assertThat(this.server.closed().reason()).isEqualTo(CloseReason.TLS_TRUNCATED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "openssl-min-proto-version=TLS1.3", "openssl-max-proto-version=TLS1.2" })
	void socat(String version) throws Exception {
		assertThat(run("socat", "-t", "10", "-",
				"OPENSSL:127.0.0.1:%s,cafile=%s,commonname=127.0.0.1,%s".formatted(port(), authority(), version)))
			.isEqualTo(lines());
	}

	@ParameterizedTest
	@ValueSource(strings = { "--tls-max 1.3", "--tls-max 1.2" })
	void curl(String version) throws Exception {
		// An echo of its own request is no answer to it, and comes all the same.
		String output = run("sh", "-c",
				"curl --tlsv1.2 %s --cacert %s --http0.9 -sS --max-time 2 https://127.0.0.1:%s/hello".formatted(version,
						authority(), port()));
		assertThat(output).contains("GET /hello HTTP/1.1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-tls1_3", "-tls1_2" })
	void protocolOfTheApplicationIsNotAgreedOn(String version) throws Exception {
		assertThat(run("openssl", "s_client", "-connect", "127.0.0.1:" + port(), "-alpn", "h2,http/1.1", version))
			.contains("No ALPN negotiated");
	}

	@Test
	void renegotiationIsRefused() throws Exception {
		Needs.program("openssl");
		Process process = new ProcessBuilder("openssl", "s_client", "-connect", "127.0.0.1:" + port(), "-tls1_2",
				"-legacy_renegotiation")
			.redirectErrorStream(true)
			.start();
		process.getOutputStream().write("R\n".getBytes(StandardCharsets.US_ASCII));
		process.getOutputStream().flush();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(output).contains("RENEGOTIATING").containsAnyOf("handshake failure", "no renegotiation");
	}

}
