package dev.echod.admin;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import dev.echod.connection.Texts;
import dev.echod.refusal.RefusedRequests.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Has refusals recorded: the first of a source and reason at once, and those that follow
 * when the source's minute is over, with how many there were. In the log a source has one
 * line for all reasons, at once and then each minute. One sweep tells what is due, so
 * that nobody's last ones are left untold, and the end of the service tells the rest.
 */
class RecordedRefusals implements InitializingBean, DisposableBean {

	private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

	private static final long SWEEP_SECONDS = 5;

	/**
	 * Sources that are kept apart. More are counted together until some of these are
	 * over: each that took another's place would be told of at once.
	 */
	private static final int MOST_SOURCES = 1_000;

	/**
	 * Of what a request said of itself, in characters.
	 */
	private static final int MOST_CHARACTERS = 300;

	/**
	 * One of whom is not told apart.
	 */
	private static final Refusal OTHER = new Refusal("anonymous", "requests", null,
			"More sources were refused than are told apart", 1);

	private final ChangeAudit audit;

	private final LongSupplier nanoClock;

	/**
	 * Those whose minute is not over, the one that came last at the end. Used under its
	 * own lock, as are the others.
	 */
	private final Map<Source, RefusedSource> sources = new LinkedHashMap<>();

	private final RefusedSource others;

	private Disposable sweep = Disposables.disposed();

	RecordedRefusals(ChangeAudit audit, LongSupplier nanoClock) {
		this.audit = audit;
		this.nanoClock = nanoClock;
		this.others = new RefusedSource(nanoClock.getAsLong());
	}

	@Override
	public void afterPropertiesSet() {
		this.sweep = Schedulers.single()
			.schedulePeriodically(this::tellDue, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
	}

	/**
	 * Records a refusal.
	 * @param actor the user, if it is one of ours or an issuer's; of a long name only the
	 * beginning is kept
	 * @param request method and path; as with the actor
	 * @param address where it came from; null when that is not known
	 * @param why what the request was told; as with the actor
	 */
	void add(String actor, String request, @Nullable InetAddress address, Reason reason, String why) {
		Refusal refusal = new Refusal(beginning(actor), beginning(request), address, beginning(why), 1);
		Source source = Source.of(address);
		boolean firstOfSource;
		boolean firstOfReason;
		synchronized (this.sources) {
			firstOfSource = !this.sources.containsKey(source);
			if (firstOfSource && this.sources.size() >= MOST_SOURCES) {
				this.others.addUntold(reason, OTHER);
				return;
			}
			firstOfReason = this.sources.computeIfAbsent(source, (key) -> new RefusedSource(this.nanoClock.getAsLong()))
				.add(reason, refusal, firstOfSource);
		}
		if (firstOfReason) {
			this.audit.refused(refusal);
		}
		if (firstOfSource) {
			this.audit.logRefused(List.of(refusal));
		}
	}

	static String beginning(String text) {
		return Texts.beginning(text, MOST_CHARACTERS);
	}

	/**
	 * Tells of those whose minute is over.
	 */
	void tellDue() {
		long now = this.nanoClock.getAsLong();
		tell((source) -> source.nanosSinceTold(now) >= QUIET_NANOS, now);
	}

	@Override
	public void destroy() {
		this.sweep.dispose();
		tell((source) -> true, this.nanoClock.getAsLong());
	}

	/**
	 * Tells of what was counted, and has its next minute begin; of whom nothing was is
	 * forgotten.
	 */
	private void tell(Predicate<RefusedSource> due, long now) {
		List<Refusal> events = new ArrayList<>();
		List<List<Refusal>> lines = new ArrayList<>();
		synchronized (this.sources) {
			this.sources.values().removeIf((source) -> due.test(source) && source.isEmpty());
			List<RefusedSource> counted = new ArrayList<>(this.sources.values());
			counted.add(this.others);
			for (RefusedSource source : counted) {
				if (!source.isEmpty() && due.test(source)) {
					lines.add(source.unlogged());
					events.addAll(source.tell(now));
				}
			}
		}
		events.forEach(this.audit::refused);
		lines.forEach(this.audit::logRefused);
	}

}
