package dev.echod.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.info.GitProperties;

/**
 * Tells which build runs, to set what changed beside it.
 */
class BuildMeter implements MeterBinder {

	private static final String UNKNOWN = "unknown";

	private final String version;

	private final String commit;

	/**
	 * Create the meter.
	 * @param build null where Maven did not leave it, as in an IDE
	 * @param git null where there was no repository
	 */
	BuildMeter(@Nullable BuildProperties build, @Nullable GitProperties git) {
		this.version = known((build != null) ? build.getVersion() : null);
		this.commit = known((git != null) ? git.getShortCommitId() : null);
	}

	private static String known(@Nullable String text) {
		return (text != null) ? text : UNKNOWN;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder(Meters.BUILD_INFO.meterName(), () -> 1)
			.description(Meters.BUILD_INFO.description())
			.tags("version", this.version, "commit", this.commit)
			.register(registry);
	}

}
