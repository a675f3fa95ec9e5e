package dev.echod.admin;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import dev.echod.refusal.RefusedRequests.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Has refusals recorded: the first of a source and reason at once, and those that follow
 * when a minute is over, with how many there were. One sweep tells what is due, so that
 * nobody's last ones are left untold, and the end of the service tells the rest.
 */
class RecordedRefusals implements InitializingBean, DisposableBean {

	private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

	private static final long SWEEP_SECONDS = 5;

	/**
	 * Sources and reasons that are kept apart. More are counted together until some of
	 * these are over: each that took another's place would be told of at once.
	 */
	private static final int MOST_SOURCES = 1_000;

	/**
	 * Of what a request said of itself, in characters.
	 */
	private static final int MOST_CHARACTERS = 300;

	private final ChangeAudit audit;

	private final LongSupplier nanoClock;

	/**
	 * Those whose minute is not over, the one that came last at the end. Used under its
	 * own lock, as are the others.
	 */
	private final Map<Key, Refused> sources = new LinkedHashMap<>();

	private final Refused others;

	private Disposable sweep = Disposables.disposed();

	RecordedRefusals(ChangeAudit audit, LongSupplier nanoClock) {
		this.audit = audit;
		this.nanoClock = nanoClock;
		this.others = new Refused(
				new Last("anonymous", "requests", null, "More sources were refused than are told apart"),
				nanoClock.getAsLong());
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
		Last last = new Last(beginning(actor), beginning(request), address, beginning(why));
		synchronized (this.sources) {
			Key key = new Key(Source.of(address), reason);
			Refused known = this.sources.get(key);
			if (known != null) {
				known.last = last;
				known.times++;
				return;
			}
			if (this.sources.size() >= MOST_SOURCES) {
				this.others.times++;
				return;
			}
			this.sources.put(key, new Refused(last, this.nanoClock.getAsLong()));
		}
		tell(last, 1);
	}

	private static String beginning(String text) {
		return (text.length() > MOST_CHARACTERS) ? text.substring(0, MOST_CHARACTERS) + "…" : text;
	}

	/**
	 * Tells of those whose minute is over.
	 */
	void tellDue() {
		long now = this.nanoClock.getAsLong();
		tell((refused) -> now - refused.toldNanos >= QUIET_NANOS, now);
	}

	@Override
	public void destroy() {
		this.sweep.dispose();
		tell((refused) -> true, this.nanoClock.getAsLong());
	}

	/**
	 * Tells of what was counted, and has its next minute begin; of whom nothing was is
	 * forgotten.
	 */
	private void tell(Predicate<Refused> due, long now) {
		List<Runnable> records = new ArrayList<>();
		synchronized (this.sources) {
			this.sources.values().removeIf((refused) -> due.test(refused) && refused.times == 0);
			List<Refused> counted = new ArrayList<>(this.sources.values());
			counted.add(this.others);
			for (Refused refused : counted) {
				if (refused.times > 0 && due.test(refused)) {
					Last last = refused.last;
					long times = refused.times;
					records.add(() -> tell(last, times));
					refused.times = 0;
					refused.toldNanos = now;
				}
			}
		}
		records.forEach(Runnable::run);
	}

	private void tell(Last last, long times) {
		this.audit.refused(last.actor(), last.request(), last.address(), last.why(), times);
	}

	private record Key(Source source, Reason reason) {

	}

	private record Last(String actor, String request, @Nullable InetAddress address, String why) {

	}

	/**
	 * What is remembered of a source and reason.
	 */
	private static final class Refused {

		private Last last;

		private long toldNanos;

		/**
		 * Refused since.
		 */
		private long times;

		Refused(Last last, long toldNanos) {
			this.last = last;
			this.toldNanos = toldNanos;
		}

	}

}
