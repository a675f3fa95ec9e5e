package dev.echod.listener;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.Needs;
import dev.echod.testing.TestCertificates;
import dev.echod.tls.ReloadedBundles;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What testssl.sh finds at a listener with TLS that is set no further.
 */
@Tag("long")
class TlsScanTests {

	private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

	private static final int LONGEST_MINUTES = 5;

	/**
	 * Protocols, cipher suites, forward secrecy, the server's preferences and
	 * certificate, vulnerabilities. Not asked for is what is not rated: which of them
	 * each browser would get.
	 */
	private static final List<String> SECTIONS = List.of("-p", "-s", "-f", "-P", "-S", "-U");

	private static final Set<String> ABOVE_LOW = Set.of("MEDIUM", "HIGH", "CRITICAL", "FATAL");

	/**
	 * Where it can be asked whether a certificate was revoked is its authority's to say,
	 * and the tests' says nowhere.
	 */
	private static final String OF_THE_AUTHORITY = "cert_revocation";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	static List<X509Bundle> certificates() {
		return List.of(AUTHORITY.server("localhost"), AUTHORITY.rsaServer("localhost"));
	}

	@ParameterizedTest
	@MethodSource("certificates")
	void scannerFindsNothingAboveLow(X509Bundle certificate) throws Exception {
		Needs.program("testssl");
		ReloadedBundles bundles = new ReloadedBundles();
		bundles.registerBundle("web", TestCertificates.bundle(certificate, null));
		List<Map<String, String>> findings;
		try (TestListener server = TestListener.start(bundles, "tls.bundle=web")) {
			findings = scan(server.port());
		}
		assertThat(findings).filteredOn((finding) -> ABOVE_LOW.contains(finding.get("severity")))
			.allMatch((finding) -> OF_THE_AUTHORITY.equals(finding.get("id")));
		// It has looked, and to the end.
		assertThat(findings).extracting((finding) -> finding.get("id"))
			.contains("TLS1", "TLS1_2", "cipherlist_NULL", "cipher_order", "cert_chain_of_trust", "heartbleed",
					"secure_client_renego", "ROBOT", "LUCKY13");
		assertThat(findings).filteredOn((finding) -> "TLS1_3".equals(finding.get("id")))
			.singleElement()
			.satisfies((finding) -> assertThat(finding).containsEntry("severity", "OK"));
		assertThat(findings.getLast()).containsEntry("id", "scanTime").containsEntry("severity", "INFO");
	}

	private List<Map<String, String>> scan(int port) throws Exception {
		Path authority = Files.writeString(this.folder.resolve("ca.pem"), AUTHORITY.pem());
		Path found = this.folder.resolve("found.json");
		Path output = this.folder.resolve("output");
		List<String> command = new ArrayList<>(List.of("testssl", "--quiet", "--color", "0", "--warnings", "off",
				"--nodns", "none", "--ip", "127.0.0.1", "--add-ca", authority.toString()));
		command.addAll(SECTIONS);
		command.addAll(List.of("--jsonfile", found.toString(), "localhost:" + port));
		Process process = new ProcessBuilder(command).directory(this.folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			assertThat(process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).as(Files.readString(output)).isTrue();
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroy);
			process.destroy();
		}
		return JsonPath.read(Files.readString(found), "$[*]");
	}

}
