package dev.echod.client.load;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.echod.testing.Balancer;
import dev.echod.testing.Needs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Loads of servers, and through balancers, that others wrote.
 */
@Tag("long")
class ForeignServersTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	private int port;

	@BeforeEach
	void choosePort() throws Exception {
		this.port = Balancer.freePorts(1).getFirst();
	}

	/**
	 * In both loops, and with connections that come and go.
	 */
	private static void assertThatAllComesBack(int port) throws Exception {
		assertThatAllComesBack(port, "--messages 5000 --size 1-3000 --depth 8", "--rate 500 --duration 2s",
				"--rate 500 --duration 2s --lifetime 300ms");
	}

	private static void assertThatAllComesBackAfterAFin(int port) throws Exception {
		assertThatAllComesBack(port, "--messages 500 --half-close --depth 50");
	}

	private static void assertThatAllComesBack(int port, String... loads) throws Exception {
		for (String options : loads) {
			LoadResult result = Loads.run(port, "--connections 5 " + options);
			assertThat(result.errors()).as("%s: %s", options, result).isZero();
			assertThat(result.figures().unsent()).as("%s: %s", options, result).isZero();
			assertThat(result.figures().messages()).as("%s: %s", options, result).isPositive();
		}
	}

	private Balancer start(String... command) throws Exception {
		Needs.program(command[0]);
		return new Balancer(this.folder, this.port, command);
	}

	@Test
	void xinetd() throws Exception {
		Path configuration = Files.writeString(this.folder.resolve("xinetd.conf"), """
				defaults
				{
				  instances = UNLIMITED
				  cps = 10000 1
				}
				service echo
				{
				  type = INTERNAL UNLISTED
				  socket_type = stream
				  protocol = tcp
				  bind = 127.0.0.1
				  port = %d
				  user = root
				  wait = no
				}
				""".formatted(this.port));
		Needs.root();
		try (Balancer _ = start("xinetd", "-dontfork", "-stayalive", "-f", configuration.toString(), "-pidfile",
				this.folder.resolve("xinetd.pid").toString())) {
			assertThatAllComesBack(this.port);
			assertThatAllComesBackAfterAFin(this.port);
		}
	}

	@Test
	void socat() throws Exception {
		try (Balancer _ = start("socat", "-t", "10",
				"TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork,backlog=100".formatted(this.port), "PIPE")) {
			assertThatAllComesBack(this.port);
			assertThatAllComesBackAfterAFin(this.port);
		}
	}

	/**
	 * Which loses what it owes at a FIN.
	 */
	@Test
	void ncat() throws Exception {
		try (Balancer _ = start("ncat", "-l", "-k", "127.0.0.1", String.valueOf(this.port), "--max-conns", "200", "-e",
				"/bin/cat")) {
			assertThatAllComesBack(this.port);
		}
	}

	@Test
	void nginx() throws Exception {
		try (Peer peer = Peer.echo();
				Balancer _ = Balancer.nginx(this.folder, this.port,
						"stream { server { listen 127.0.0.1:%d; proxy_pass 127.0.0.1:%d; proxy_half_close on; } }%n"
							.formatted(this.port, peer.port()))) {
			assertThatAllComesBack(this.port);
			assertThatAllComesBackAfterAFin(this.port);
		}
	}

	@Test
	void haproxy() throws Exception {
		try (Peer peer = Peer.echo(); Balancer _ = Balancer.haproxy(this.folder, this.port, """
				defaults
				  mode tcp
				  timeout connect 5s
				  timeout client 30s
				  timeout server 30s
				listen echo
				  bind 127.0.0.1:%d
				  server one 127.0.0.1:%d
				""".formatted(this.port, peer.port()))) {
			assertThatAllComesBack(this.port);
			assertThatAllComesBackAfterAFin(this.port);
		}
	}

}
