package dev.echod.client.load;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.echod.connection.Times;
import dev.echod.testing.Needs;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The load command, as people type it.
 */
class LoadCommandTests {

	private static final int SCREEN_LINES = 40;

	private static final int SCREEN_COLUMNS = 100;

	private final StringWriter out = new StringWriter();

	private final StringWriter err = new StringWriter();

	private int load(String options) {
		return new CommandLine(new LoadCommand()).registerConverter(Duration.class, Times::parse)
			.setOut(new PrintWriter(this.out, true))
			.setErr(new PrintWriter(this.err, true))
			.setParameterExceptionHandler((ex, args) -> {
				this.err.write(ex.getMessage() + "\n");
				return ex.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
			})
			.execute(options.split(" "));
	}

	private static int closedPort() throws Exception {
		try (ServerSocket closed = new ServerSocket(0)) {
			return closed.getLocalPort();
		}
	}

	@Test
	void helpFitsAScreenAndNamesEachOption() {
		assertThat(load("--help")).isZero();
		List<String> lines = this.out.toString().lines().toList();
		assertThat(lines).hasSizeLessThanOrEqualTo(SCREEN_LINES)
			.allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(SCREEN_COLUMNS));
		assertThat(new CommandLine(new LoadCommand()).getCommandSpec().options())
			.allSatisfy((option) -> assertThat(this.out.toString()).contains(option.longestName()));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '^', value = { "127.0.0.1 | '127.0.0.1' is not HOST:PORT",
			"[]:1 | '[]:1' is not HOST:PORT", "http://127.0.0.1:1 | 'http://127.0.0.1:1' is not HOST:PORT",
			"127.0.0.1:99999 | port must be from 1 to 65535, but is 99999",
			"127.0.0.1:1 --connections none | --connections takes a number from 0 to 1000000, not 'none'",
			"127.0.0.1:1 --depth 0 | --depth takes a number from 1 to 65536, not '0'",
			"127.0.0.1:1 --size 4-1 | --size takes bytes or a range of them, such as 64, 16KB or 1-1400, up to 16MB, not '4-1'",
			"127.0.0.1:1 --size 256 --framing length-1 | --size takes bytes or a range of them, such as 64, 16KB or 1-1400, up to 16MB and what a frame holds, not '256'",
			"127.0.0.1:1 --rate -1 | --rate takes a number from 0 to 100000000, not '-1'",
			"127.0.0.1:1 --arrival random | --arrival takes uniform or poisson, not 'random'",
			"127.0.0.1:1 --verify most | --verify takes all or sample or none, not 'most'",
			"127.0.0.1:1 --framing http | --framing takes stream or lf or crlf or length-1 or length-2 or length-4 or stx-etx, not 'http'",
			"127.0.0.1:1 --no-delay maybe | --no-delay takes on or off or both, not 'maybe'",
			"127.0.0.1:1 --bytes much | --bytes takes a size from 1, such as 1000000, 64KB or 1MB, not 'much'",
			"127.0.0.1:1 --bytes 1 --messages 1 | --duration, --messages and --bytes exclude each other",
			"127.0.0.1:1 --ramp-up 1s --connect-rate 1 | --ramp-up and --connect-rate exclude each other",
			"127.0.0.1:1 --connections 0 | --connections takes 0 only with --idle, and for a --duration",
			"127.0.0.1:1 --connections 0 --idle 1 --messages 1 | --connections takes 0 only with --idle, and for a --duration",
			"127.0.0.1:1 --idle some | --idle takes a number from 0 to 1000000, not 'some'",
			"127.0.0.1:1 --duration 0 | --duration takes a time from 1ms, not PT0S",
			"127.0.0.1:1 --duration 1ns | --duration takes a time from 1ms, not PT0.000000001S",
			"127.0.0.1:1 --json x --html ./x | --json, --hdr and --html take a file each",
			"127.0.0.1:1 --lifetime 1ms | --lifetime takes 0 or a time from 100ms, not PT0.001S",
			"127.0.0.1:1 --rounds 0 | --rounds takes a number from 1 to 1000, not '0'",
			"127.0.0.1:1 --source 192.0.2.1 | --source takes addresses of this machine, with commas between them, not '192.0.2.1'",
			"127.0.0.1:1 --source 127.0.0.1,,127.0.0.2 | --source takes addresses of this machine, with commas between them, not ''",
			"127.0.0.1:1 --source ::1 | --source takes addresses of the family of 127.0.0.1:1's, all IPv4 or all IPv6",
			"127.0.0.1:1 --proxy-protocol v3 | --proxy-protocol takes v1 or v2, not 'v3'",
			"127.0.0.1:1 --tls-cert pom.xml | --tls-cert and --tls-key need each other",
			"127.0.0.1:1 --tls-ca pom.xml | --tls-ca, --tls-cert and --tls-key take PEM files: Missing certificates",
			"127.0.0.1:1 --sni no..name | --sni takes a host name, not 'no..name'",
			"127.0.0.1:1 --payload-file nowhere | --payload-file takes a file of up to 16MB that is one message of framing stream, not 'nowhere'",
			"127.0.0.1:1 --payload-file pom.xml --framing lf | --payload-file takes a file of up to 16MB that is one message of framing lf, not 'pom.xml'",
			"127.0.0.1:1 --payload-file pom.xml --size 1 | --size and --payload-file exclude each other",
			"127.0.0.1:1 --compare pom.xml | --compare takes a file that --json wrote, of version 1, not 'pom.xml'",
			"127.0.0.1:1 --timeout 0 | --timeout takes a time from 1ms to 24 days, not PT0S",
			"127.0.0.1:1 --timeout 200000000000d | --timeout takes a time from 1ms to 24 days, not PT4800000000000H",
			"127.0.0.1:1 --transport carrier-pigeon | --transport takes auto or io-uring or epoll or kqueue or nio, not 'carrier-pigeon'",
			"127.0.0.1:1 --expect p98<5ms | --expect takes one of mean, p50, p90, p99, p99.9, max, errors, rate, throughput, then",
			"127.0.0.1:1 --rat=5 | Unknown option: '--rat=5'" })
	void whatIsNotUnderstoodIsOneSentenceThatSaysWhatIs(String line, String sentence) {
		assertThat(load(line)).isEqualTo(LoadExitCode.USAGE.code());
		assertThat(this.err.toString()).contains(sentence).hasLineCount(1);
		assertThat(this.out.toString()).isEmpty();
	}

	@Test
	void refusedConnectionIsOneLine() throws Exception {
		int port = closedPort();
		assertThat(load("127.0.0.1:" + port)).isEqualTo(LoadExitCode.TARGET_FAILED.code());
		assertThat(this.err.toString())
			.isEqualToIgnoringNewLines("127.0.0.1:%d failed: Connection refused".formatted(port));
		assertThat(this.out.toString().lines()).allMatch((line) -> line.startsWith("connecting: "));
	}

	@Test
	void hostThatIsUnknownIsOneLine() {
		assertThat(load("host.invalid:1")).isEqualTo(LoadExitCode.TARGET_FAILED.code());
		assertThat(this.err.toString()).isEqualToIgnoringNewLines("host.invalid:1 failed: the host is unknown");
	}

	@Test
	void loadThatWentWellIsToldOfInATable() throws Exception {
		try (Peer peer = Peer.echo()) {
			assertThat(load("localhost:%d --connections 2 --messages 2000 --warm-up 0".formatted(peer.port())))
				.isZero();
			assertThat(this.out.toString()).contains(
					"2 connections, messages of 64 bytes, depth 1, closed loop, no delay on", "2,000 messages in ",
					"response", "p99.9", "connections: 2 closed by us");
			assertThat(this.err.toString()).isEmpty();
		}
	}

	@Test
	void openLoopHasThreeTimesSideBySide() throws Exception {
		try (Peer peer = Peer.echo()) {
			load("localhost:%d --rate 500 --duration 200ms --warm-up 0".formatted(peer.port()));
			assertThat(this.out.toString()).contains("500 messages/s wanted", "response", "service", "client lag");
		}
	}

	@Test
	void smallWritesAreDelayedAndNotInOneRunEach() throws Exception {
		try (Peer peer = Peer.echo()) {
			assertThat(load("127.0.0.1:%d --bytes 1MB --size 16KB --no-delay both --warm-up 0".formatted(peer.port())))
				.isZero();
			assertThat(this.out.toString()).contains("no delay on", "no delay off");
			assertThat(peer.received()).isEqualTo(2 * 1024 * 1024);
		}
	}

	@Test
	void whatIsNotAsExpectedIsNamed() throws Exception {
		try (Peer peer = Peer.echo()) {
			assertThat(load("127.0.0.1:%d --messages 10 --warm-up 0 --expect p99<1h --expect max<1us --expect errors=0"
				.formatted(peer.port()))).isEqualTo(LoadExitCode.NOT_AS_EXPECTED.code());
			assertThat(this.out.toString()).containsOnlyOnce("NOT AS EXPECTED")
				.contains("NOT AS EXPECTED: max<1us, it is ");
		}
	}

	@Test
	void fileIsWhatEachMessageIs(@TempDir Path directory) throws Exception {
		Path file = Files.writeString(directory.resolve("message"), "hello, world");
		ByteArrayOutputStream received = new ByteArrayOutputStream();
		try (Peer peer = Peer.echo((bytes, length, before, out) -> {
			received.write(bytes, 0, length);
			out.write(bytes, 0, length);
		})) {
			assertThat(load("127.0.0.1:%d --messages 3 --warm-up 0 --framing lf --payload-file %s"
				.formatted(peer.port(), file))).isZero();
		}
		assertThat(received.toString(StandardCharsets.US_ASCII)).isEqualTo("hello, world\n".repeat(3));
	}

	@Test
	void severalTargetsAreLoadedInTurnAndComparedWithTheFirst() throws Exception {
		try (Peer one = Peer.echo(); Peer other = Peer.echo()) {
			String first = "127.0.0.1:" + one.port();
			String second = "127.0.0.1:" + other.port();
			assertThat(load("%s %s --rounds 2 --messages 50 --warm-up 0".formatted(first, second))).isZero();
			assertThat(this.out.toString().lines().filter((line) -> line.contains(": 1 connections, ")))
				.extracting((line) -> line.substring(0, line.indexOf(": 1 ")))
				.containsExactly(first, second, first, second);
			assertThat(this.out.toString()).containsOnlyOnce("Compared with " + first)
				.containsPattern(second + ", no delay on +\\d+\\.\\d\\d \\(\\d+\\.\\d\\d to ");
			assertThat(one.accepted()).isEqualTo(2);
			assertThat(other.accepted()).isEqualTo(2);
		}
	}

	@Test
	void loadIsComparedWithOneThatWasReported(@TempDir Path directory) throws Exception {
		Path json = directory.resolve("load.json");
		try (Peer peer = Peer.echo()) {
			String line = "127.0.0.1:%d --messages 50 --warm-up 0".formatted(peer.port());
			assertThat(load(line + " --json " + json)).isZero();
			assertThat(this.out.toString()).doesNotContain("Compared");
			assertThat(load(line + " --compare " + json)).isZero();
			assertThat(this.out.toString()).contains("Compared with the earlier load")
				.doesNotContain("planned otherwise");
		}
	}

	@Test
	void filesAreWritten(@TempDir Path directory) throws Exception {
		Path json = directory.resolve("load.json");
		Path hdr = directory.resolve("load.hdr");
		Path html = directory.resolve("load.html");
		try (Peer peer = Peer.echo()) {
			assertThat(load("127.0.0.1:%d --messages 100 --warm-up 0 --no-delay both --json %s --hdr %s --html %s"
				.formatted(peer.port(), json, hdr, html))).isZero();
		}
		assertThat(new JsonMapper().readTree(json).get("runs")).hasSize(2);
		assertThat(html).content().contains("no delay on</h2>", "no delay off</h2>", "<svg").endsWith("</html>\n");
		List<EncodableHistogram> response = new ArrayList<>();
		try (HistogramLogReader reader = new HistogramLogReader(hdr.toFile())) {
			while (reader.hasNext()) {
				response.add(reader.nextIntervalHistogram());
			}
		}
		response.removeIf((times) -> !times.getTag().equals("response"));
		assertThat(response).extracting((times) -> ((Histogram) times).getTotalCount()).containsExactly(100L, 100L);
		assertThat(hdr).content().contains("no delay on, round 1]", "no delay off, round 1]");
		// Each in its own time, in milliseconds.
		assertThat(response.getLast().getStartTimeStamp())
			.isGreaterThanOrEqualTo(response.getFirst().getEndTimeStamp() - 1);
		assertThat(response.getLast().getEndTimeStamp()).isGreaterThanOrEqualTo(response.getLast().getStartTimeStamp());
	}

	@Test
	void fileThatCannotBeWrittenIsFoundBeforeTheLoad(@TempDir Path directory) {
		assertThat(load("127.0.0.1:1 --json " + directory)).isEqualTo(LoadExitCode.USAGE.code());
		assertThat(this.err.toString()).contains("--json takes a file that can be written, not ", "it is a directory")
			.hasLineCount(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "--json", "--hdr", "--html" })
	void fileThatCannotBeWrittenInTheEndIsToldOfAfterTheReport(String option) throws Exception {
		Needs.file(Path.of("/dev/full"));
		try (Peer peer = Peer.echo()) {
			assertThat(load("127.0.0.1:%d --messages 10 --warm-up 0 %s /dev/full".formatted(peer.port(), option)))
				.isEqualTo(LoadExitCode.USAGE.code());
			assertThat(this.out.toString()).contains("10 messages in ");
			assertThat(this.err.toString()).contains(option + " takes a file that can be written, not '/dev/full'")
				.hasLineCount(1);
		}
	}

	/**
	 * Such a file would never have been read to its end.
	 */
	@Test
	void endlessFileIsNoMessage() {
		Needs.file(Path.of("/dev/zero"));
		assertThat(load("127.0.0.1:1 --payload-file /dev/zero")).isEqualTo(LoadExitCode.USAGE.code());
		assertThat(this.err.toString()).contains("--payload-file takes a file of up to 16MB").hasLineCount(1);
	}

	@Test
	void fileThatCannotBeWrittenLeavesTheOthers(@TempDir Path directory) throws Exception {
		Needs.file(Path.of("/dev/full"));
		Path html = directory.resolve("load.html");
		try (Peer peer = Peer.echo()) {
			load("127.0.0.1:%d --messages 10 --warm-up 0 --json /dev/full --html %s".formatted(peer.port(), html));
		}
		assertThat(html).content().endsWith("</html>\n");
	}

	@Test
	void connectionsThatAreMoreThanFilesMayBeOpenAreRefused() {
		OpenFiles.check(900, 6, 1000, 50);
		assertThatIllegalArgumentException().isThrownBy(() -> OpenFiles.check(900, 7, 1000, 50))
			.withMessage(
					"900 connections on 7 event loops are more than the limit of 1,000 open files allows (ulimit -n)");
	}

	@Test
	void eventLoopsThatTakeMoreThanThereIsAreRefused() {
		LoadPlan plan = Loads.plan("--connections 64 --event-loops 64 --size 16MB");
		Memory.check(plan, 1 << 30, 1L << 32);
		assertThatIllegalArgumentException().isThrownBy(() -> Memory.check(plan, 1 << 30, 1 << 30))
			.withMessageStartingWith("64 event loops with messages of 16777216 bytes take more memory");
		assertThatIllegalArgumentException().isThrownBy(() -> Memory.check(plan, 1 << 24, 1L << 32));
	}

	@Test
	void schemaNeedsNoTarget() {
		assertThat(load("--json-schema")).isZero();
		assertThat(this.out.toString()).isEqualTo(JsonReport.schema());
	}

	@Test
	void targetThatFailsIsToldOfWithWhatItDid() throws Exception {
		try (Peer peer = Peer.echo((bytes, length, before, out) -> {
			bytes[0]++;
			out.write(bytes, 0, length);
		})) {
			assertThat(load("127.0.0.1:%d --messages 10 --warm-up 0".formatted(peer.port())))
				.isEqualTo(LoadExitCode.TARGET_FAILED.code());
			assertThat(this.out.toString()).contains("connections: 1 mismatch", "connection 1 mismatch: byte 1 is 0x",
					"THE TARGET FAILED: 1 connections failed, 1 messages were not answered, 9 could not be sent");
		}
	}

}
