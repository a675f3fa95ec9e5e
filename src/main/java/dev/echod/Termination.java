package dev.echod;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

import dev.echod.drain.Drain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.GenericApplicationListener;

/**
 * The end of the process: SIGTERM and SIGINT close the application, a second one does not
 * wait for its connections, and the exit code is the drain's.
 */
final class Termination {

	private static final Logger logger = LoggerFactory.getLogger(Termination.class);

	private static final long TICK_MILLIS = 10;

	private final ConfigurableApplicationContext context;

	private final Drain drain;

	private boolean signalled;

	private Termination(ConfigurableApplicationContext context) {
		this.context = context;
		this.drain = context.getBean(Drain.class);
	}

	/**
	 * Has a signal that comes before the application has started end the process in
	 * order: nobody is connected yet.
	 */
	static void duringStart() {
		onSignals(() -> new Thread(() -> System.exit(0), "exit").start());
	}

	/**
	 * Ends the process with this application.
	 */
	static void of(ConfigurableApplicationContext context) {
		Termination termination = new Termination(context);
		// A lambda's type of event cannot be told: each event of each connection would be
		// tried.
		context.addApplicationListener(
				GenericApplicationListener.forEventType(ContextClosedEvent.class, (event) -> termination.closing()));
		onSignals(termination::signalled);
	}

	private static void onSignals(Runnable action) {
		onSignal("TERM", action);
		onSignal("INT", action);
	}

	/**
	 * Only {@code sun.misc.Signal} tells of a second signal, and the compiler does not
	 * let it be named.
	 */
	private static void onSignal(String signal, Runnable action) {
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

	private synchronized void signalled() {
		if (this.signalled) {
			this.drain.endNow();
			return;
		}
		this.signalled = true;
		new Thread(this.context::close, "shutdown").start();
	}

	/**
	 * However it comes that the application closes.
	 */
	private void closing() {
		Thread closing = Thread.currentThread();
		new Thread(() -> exit(closing), "exit").start();
	}

	/**
	 * When the application is closed, or who closes it has failed to.
	 */
	private void exit(Thread closing) {
		try {
			while (this.context.isActive() && closing.isAlive()) {
				closing.join(TICK_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		System.exit(this.drain.exitCode());
	}

}
