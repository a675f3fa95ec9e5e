package dev.echod.transport;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.framing.ByteArrayStreamSerializer;
import dev.echod.gateway.NonBlockingTcpListener;
import dev.echod.testing.TestCertificates;
import dev.echod.tls.ClientTls;
import io.netty.handler.codec.DecoderException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.integration.ip.tcp.connection.TcpListener;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.support.ErrorMessage;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A peer that closes its socket with bytes unread resets the connection: the client's
 * write fails, and what the peer sent last waits, while the client does not read as it
 * has too much to send.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.Transport#available")
@Timeout(30)
class TlsPeerLeavesTests {

	private static final TestCertificates AUTHORITY = TestCertificates.authority("ca");

	/**
	 * More than sockets take.
	 */
	private static final byte[] MUCH = new byte[32 * 1024 * 1024];

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Transport transport;

	@RegisterExtension
	private final SpringFactories factories = new SpringFactories(() -> this.transport);

	@SuppressWarnings("NullAway.Init")
	private ServerSocket peer;

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

	private final CountDownLatch clientIsStuck = new CountDownLatch(1);

	@BeforeEach
	void listen() throws Exception {
		this.peer = SpringFactories.peer();
	}

	@AfterEach
	void close() throws Exception {
		this.clientIsStuck.countDown();
		this.peer.close();
	}

	private CompletableFuture<NettyTcpConnection> connect() {
		NonBlockingTcpListener listener = this::tell;
		return connect(listener);
	}

	private boolean tell(Message<?> message) {
		return this.told.add((message instanceof ErrorMessage) ? message.getPayload() : SpringFactories.text(message));
	}

	private CompletableFuture<NettyTcpConnection> connect(TcpListener listener) {
		NettyClientConnectionFactory client = this.factories.client(this.peer.getLocalPort());
		client.setSerializer(new ByteArrayStreamSerializer());
		client.setDeserializer(new ByteArrayStreamSerializer());
		client.setTls(ClientTls.of(TestCertificates.bundle(AUTHORITY.client("client"), AUTHORITY)), null);
		client.start();
		return client
			.connect(this.factories.eventLoops().loops().getFirst(), null, (made) -> made.registerListener(listener))
			.thenApply(NettyTcpConnection.class::cast);
	}

	private static NettyTcpConnection join(CompletableFuture<NettyTcpConnection> connection) {
		return connection.orTimeout(10, TimeUnit.SECONDS).join();
	}

	/**
	 * The other end, before its handshake.
	 * @param socket which it does not close
	 * @param trust decides whether clients are trusted, who need no certificate otherwise
	 */
	private static SSLSocket secure(Socket socket, String protocol, @Nullable TrustManager trust)
			throws IOException, GeneralSecurityException {
		// A reset takes back what waits to be sent.
		socket.setTcpNoDelay(true);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys(), (trust != null) ? new TrustManager[] { trust } : null, null);
		SSLSocket secured = (SSLSocket) context.getSocketFactory()
			.createSocket(socket, "localhost", socket.getPort(), false);
		secured.setUseClientMode(false);
		secured.setNeedClientAuth(trust != null);
		secured.setEnabledProtocols(new String[] { protocol });
		return secured;
	}

	private static KeyManager[] keys() {
		try {
			return AUTHORITY.server("localhost").toKeyManagerFactory().getKeyManagers();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Without a FIN, of which the client would learn at once.
	 */
	private static void reset(Socket accepted) throws IOException {
		accepted.setSoLinger(true, 0);
		accepted.close();
	}

	private static void sendMuch(NettyTcpConnection connection, Socket accepted) {
		connection.send(new GenericMessage<>(MUCH));
		await().until(() -> !connection.channel().isWritable() && accepted.getInputStream().available() > 0);
	}

	@Test
	void alertThatComesAfterTheHandshakeIsToldWhenAWriteHasFailed() throws Exception {
		CompletableFuture<NettyTcpConnection> connecting = connect();
		try (Socket accepted = this.peer.accept()) {
			CompletableFuture<Void> refused = CompletableFuture.runAsync(() -> refuseClient(accepted));
			sendMuch(join(connecting), accepted);
			this.clientIsStuck.countDown();
			refused.orTimeout(10, TimeUnit.SECONDS).join();
		}
		assertThat(this.told.poll(10, TimeUnit.SECONDS)).isInstanceOfSatisfying(DecoderException.class,
				(failure) -> assertThat(failure).cause()
					.isInstanceOf(SSLException.class)
					.hasMessageContaining("Received fatal alert: certificate_unknown"));
	}

	/**
	 * Looks at the client's certificate when the client, for which the handshake is done,
	 * has sent more than is taken.
	 */
	private void refuseClient(Socket accepted) {
		try {
			SSLSocket secured = secure(accepted, "TLSv1.3", new Distrust(this.clientIsStuck));
			assertThatExceptionOfType(SSLException.class).isThrownBy(secured::startHandshake);
			reset(accepted);
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void whoWaitsToSendIsToldOfTheAlert() throws Exception {
		CompletableFuture<NettyTcpConnection> connecting = connect();
		try (Socket accepted = this.peer.accept()) {
			CompletableFuture<Void> refused = CompletableFuture.runAsync(() -> refuseClient(accepted));
			NettyTcpConnection connection = join(connecting);
			sendMuch(connection, accepted);
			Thread sender = Thread.currentThread();
			Thread.ofVirtual().start(() -> {
				await().until(() -> sender.getState() == Thread.State.WAITING
						|| sender.getState() == Thread.State.TIMED_WAITING);
				this.clientIsStuck.countDown();
			});
			assertThatExceptionOfType(MessagingException.class)
				.isThrownBy(() -> connection.send(new GenericMessage<>("more")))
				.withStackTraceContaining("Received fatal alert: certificate_unknown");
			refused.orTimeout(10, TimeUnit.SECONDS).join();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void closeNotifyIsTheEndAlsoWhenAWriteHasFailed(String protocol) throws Exception {
		leave(connect(), protocol, true);
		assertLastAndThenTheEndIsTold();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void failureOfAWriteIsToldWhenNothingBetterIs(String protocol) throws Exception {
		leave(connect(), protocol, false);
		assertResetIsTold();
	}

	/**
	 * Which is not had by anybody who asks for one that is open, and takes nothing more.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void closeNotifyIsTheEndOfAConnectionThatIsHeldBackWhenAWriteFails(String protocol) throws Exception {
		NettyTcpConnection connection = leaveWhoIsHeldBack(protocol);
		CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
			assertThatExceptionOfType(MessagingException.class)
				.isThrownBy(() -> connection.send(new GenericMessage<>("more")));
			connection.wire().hold(false);
		}, connection.channel().eventLoop());
		assertThat(sent).succeedsWithin(10, TimeUnit.SECONDS);
		assertLastAndThenTheEndIsTold();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void whoIsBehindWithReadingIsToldThatAWriteHasFailed(String protocol) throws Exception {
		NettyTcpConnection connection = leaveWhoIsHeldBack(protocol);
		assertResetIsTold();
		assertThat(connection.channel().isOpen()).isFalse();
	}

	private NettyTcpConnection leaveWhoIsHeldBack(String protocol) throws Exception {
		NettyTcpConnection connection = leave(
				connect().whenComplete((made, failure) -> made.wire().execute(() -> made.wire().hold(true))), protocol,
				true);
		await().pollInterval(Duration.ofMillis(1)).until(() -> !connection.isOpen());
		return connection;
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void listenerThatNeverReturnsDoesNotKeepAConnectionWhoseWriteHasFailed(String protocol) throws Exception {
		CountDownLatch returns = new CountDownLatch(1);
		try {
			NettyTcpConnection connection = leave(connect((TcpListener) (message) -> {
				tell(message);
				awaitQuietly(returns);
			}), protocol, true);
			assertThat(connection.channel().closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(this.told).containsExactly("last");
		}
		finally {
			returns.countDown();
		}
		assertThat(this.told.poll(10, TimeUnit.SECONDS)).isEqualTo("last");
		assertResetIsTold();
	}

	/**
	 * In TLS 1.2 it is given to the engine only when the write has failed, and answered.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void closeNotifyThatCameBeforeAWriteFailsIsTheEndWhenTheListenerIsDone(String protocol) throws Exception {
		CountDownLatch returns = new CountDownLatch(1);
		CompletableFuture<NettyTcpConnection> connecting = connect((TcpListener) (message) -> {
			tell(message);
			awaitQuietly(returns);
		});
		try (Socket accepted = this.peer.accept()) {
			SSLSocket secured = secure(accepted, protocol, null);
			NettyTcpConnection connection = shakeHands(secured, connecting);
			sayLast(secured);
			await().until(() -> connection.served().life().isInputEnded());
			sendMuch(connection, accepted);
			reset(accepted);
			await().pollInterval(Duration.ofMillis(1)).until(() -> !connection.isOpen());
		}
		finally {
			returns.countDown();
		}
		assertLastAndThenTheEndIsTold();
	}

	private static boolean awaitQuietly(CountDownLatch latch) {
		try {
			return latch.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void assertLastAndThenTheEndIsTold() throws Exception {
		assertThat(this.told.poll(10, TimeUnit.SECONDS)).isEqualTo("last");
		assertThat(this.told.poll(10, TimeUnit.SECONDS)).isInstanceOf(EOFException.class);
		assertThat(this.registry.closedConnections()).singleElement()
			.extracting(ClosedConnection::reason)
			.isEqualTo(CloseReason.PEER_CLOSED);
		// After all that is done on the event loop.
		this.factories.eventLoops().loops().getFirst().submit(() -> true).get(10, TimeUnit.SECONDS);
		assertThat(this.told).isEmpty();
	}

	private void assertResetIsTold() throws Exception {
		assertThat(this.told.poll(10, TimeUnit.SECONDS))
			.asInstanceOf(InstanceOfAssertFactories.throwable(IOException.class))
			.isNotInstanceOf(EOFException.class)
			.hasMessageMatching("(?i).*(connection reset|broken pipe).*");
	}

	/**
	 * Leaves a client that has not read the last message before its write fails.
	 */
	private NettyTcpConnection leave(CompletableFuture<NettyTcpConnection> connecting, String protocol,
			boolean closeNotify) throws Exception {
		try (Socket accepted = this.peer.accept()) {
			SSLSocket secured = secure(accepted, protocol, null);
			NettyTcpConnection connection = shakeHands(secured, connecting);
			sendMuch(connection, accepted);
			if (closeNotify) {
				sayLast(secured);
			}
			reset(accepted);
			return connection;
		}
	}

	private NettyTcpConnection shakeHands(SSLSocket secured, CompletableFuture<NettyTcpConnection> connecting) {
		CompletableFuture<Void> handshake = CompletableFuture.runAsync(() -> shakeHands(secured));
		NettyTcpConnection connection = join(connecting);
		handshake.orTimeout(10, TimeUnit.SECONDS).join();
		this.registry.opened(connection.served());
		connection.channel().closeFuture().addListener((closed) -> connection.served().ended(this.registry));
		return connection;
	}

	private static void sayLast(SSLSocket secured) throws IOException {
		secured.getOutputStream().write(SpringFactories.ascii("last"));
		secured.shutdownOutput();
	}

	private static void shakeHands(SSLSocket secured) {
		try {
			secured.startHandshake();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A client whose event loop stands still finds both the peer's answer and the reset,
	 * and answers.
	 */
	@Test
	void failureOfAWriteInTheHandshakeIsTold() throws Exception {
		CompletableFuture<NettyTcpConnection> connecting = connect();
		CountDownLatch peerHasReset = new CountDownLatch(1);
		try (Socket accepted = this.peer.accept()) {
			await().until(() -> accepted.getInputStream().available() > 0);
			this.factories.eventLoops().loops().getFirst().execute(() -> awaitQuietly(peerHasReset));
			// When it waits for the client, all that it has to say has been sent.
			accepted.setSoTimeout(100);
			SSLSocket secured = secure(accepted, "TLSv1.2", null);
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> shakeHands(secured))
				.withCauseInstanceOf(SocketTimeoutException.class);
			reset(accepted);
		}
		finally {
			peerHasReset.countDown();
		}
		assertThat(connecting).failsWithin(10, TimeUnit.SECONDS)
			.withThrowableOfType(ExecutionException.class)
			.havingRootCause()
			.isInstanceOf(IOException.class)
			.isNotInstanceOf(SSLException.class)
			.withMessageMatching("(?i).*(connection reset|broken pipe).*");
	}

	/**
	 * Trusts nobody, after a while.
	 */
	private record Distrust(CountDownLatch until) implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
			try {
				this.until.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			throw new CertificateException("not trusted");
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
			throw new CertificateException("not trusted");
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
