package dev.echod;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.echod.drain.Drain;
import dev.echod.drain.DrainOutcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.GenericApplicationListener;

/**
 * The end of the process: SIGTERM and SIGINT close the application, a second one does not
 * wait for its connections, and the exit code is the drain's. Clients can connect before
 * the application has started: who ends it then, by a signal or through the admin API,
 * waits for the start; a second signal does not.
 */
final class Termination implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final Logger logger = LoggerFactory.getLogger(Termination.class);

	private static final long TICK_MILLIS = 10;

	private static final long HALT_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final Thread starter = Thread.currentThread();

	private @Nullable ConfigurableApplicationContext context;

	private volatile @Nullable Drain drain;

	private boolean started;

	private int signals;

	private Termination() {
	}

	/**
	 * Handles this process's signals. Called by the thread that starts the application.
	 */
	static Termination ofThisProcess() {
		Termination termination = new Termination();
		onSignal("TERM", termination);
		onSignal("INT", termination);
		return termination;
	}

	/**
	 * Only {@code sun.misc.Signal} tells of a second signal, and the compiler does not
	 * let it be named.
	 */
	private static void onSignal(String signal, Termination termination) {
		Runnable action = () -> termination.signalled("SIG" + signal);
		try {
			Class<?> type = Class.forName("sun.misc.Signal");
			Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
			MethodHandle handle = MethodHandles.lookup()
				.findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
				.bindTo(action);
			Object handler = MethodHandleProxies.asInterfaceInstance(handlerType,
					MethodHandles.dropArguments(handle, 0, type));
			type.getMethod("handle", type, handlerType)
				.invoke(null, type.getConstructor(String.class).newInstance(signal), handler);
		}
		catch (ReflectiveOperationException ex) {
			// The JVM was started with -Xrs, or uses the signal itself.
			logger.debug("SIG{} is not handled", signal, ex);
		}
	}

	@Override
	public synchronized void initialize(ConfigurableApplicationContext context) {
		if (this.signals > 0) {
			// It ends already, and this does not return.
			System.exit(0);
		}
		this.context = context;
		// A lambda's type of event cannot be told: each event of each connection would be
		// tried.
		context.addApplicationListener(
				GenericApplicationListener.forEventType(ContextRefreshedEvent.class, this::refreshed));
		context
			.addApplicationListener(GenericApplicationListener.forEventType(ContextClosedEvent.class, this::closing));
	}

	private void refreshed(ContextRefreshedEvent event) {
		if (event.getApplicationContext().equals(this.context)) {
			this.drain = event.getApplicationContext().getBean(Drain.class);
		}
	}

	/**
	 * The application has started; signals that came meanwhile end it now.
	 */
	synchronized void started() {
		this.started = true;
		if (this.signals > 0) {
			close();
		}
	}

	private synchronized void signalled(String signal) {
		this.signals++;
		if (this.context == null) {
			// Nobody is connected yet.
			new Thread(() -> System.exit(0), "exit").start();
		}
		else if (this.started) {
			signalledWhenStarted(signal);
		}
		else if (this.signals == 1) {
			logger.info("{} during the start: the service ends when it has started", signal);
		}
		else {
			// A start that hangs would not let anything be closed in order.
			logger.info("{} again during the start: the process ends now", signal);
			Runtime.getRuntime().halt(Drain.FORCED_EXIT_CODE);
		}
	}

	private void signalledWhenStarted(String signal) {
		if (this.signals == 1) {
			logger.info("{}: the service is drained, and ends", signal);
			close();
		}
		else {
			logger.info("{} again: the drain is ended now", signal);
			Objects.requireNonNull(this.drain).endNow();
		}
	}

	private void close() {
		new Thread(Objects.requireNonNull(this.context)::close, "shutdown").start();
	}

	/**
	 * However it comes that the application closes. When it is by who starts it, the
	 * start has failed, and tells so itself.
	 */
	private void closing(ContextClosedEvent event) {
		Thread closing = Thread.currentThread();
		if (event.getApplicationContext().equals(this.context) && !closing.equals(this.starter)) {
			new Thread(() -> exit((ConfigurableApplicationContext) event.getApplicationContext(), closing), "exit")
				.start();
		}
	}

	/**
	 * When the application is closed, or who closes it has failed to.
	 */
	private void exit(ConfigurableApplicationContext closed, Thread closing) {
		try {
			while (closed.isActive() && closing.isAlive()) {
				closing.join(TICK_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		Drain last = Objects.requireNonNull(this.drain);
		DrainOutcome outcome = last.status().outcome();
		logger.info("The service has ended, exit code {}, drain {}", last.exitCode(),
				(outcome != null) ? outcome : "unfinished");
		Thread.ofPlatform().daemon().name("halt").start(() -> haltLater(last.exitCode()));
		System.exit(last.exitCode());
	}

	/**
	 * What is run at the JVM's end may not come to its own, as who writes to a pipe that
	 * nobody reads.
	 */
	private static void haltLater(int exitCode) {
		long deadline = System.nanoTime() + HALT_NANOS;
		while (deadline - System.nanoTime() > 0) {
			LockSupport.parkNanos(deadline - System.nanoTime());
		}
		Runtime.getRuntime().halt(exitCode);
	}

}
