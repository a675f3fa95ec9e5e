package dev.echod.client.load;

import java.util.List;

/**
 * What the load command's exit code says.
 */
public enum LoadExitCode {

	/**
	 * All came back as it was sent, and this client was in time.
	 */
	OK(0),

	/**
	 * The command was not understood.
	 */
	USAGE(LoadExitCode.USAGE_CODE),

	/**
	 * This client was late itself: its figures are not the target's.
	 */
	CLIENT_BOUND(3),

	/**
	 * The target could not be reached, or did not return what it was sent.
	 */
	TARGET_FAILED(4),

	/**
	 * An expectation was not met.
	 */
	NOT_AS_EXPECTED(5);

	static final int USAGE_CODE = 2;

	private final int code;

	LoadExitCode(int code) {
		this.code = code;
	}

	/**
	 * Of several runs: the gravest.
	 */
	static LoadExitCode of(List<LoadResult> results, List<Expectation> expectations) {
		if (results.stream().anyMatch((result) -> result.verdict() == Verdict.TARGET_FAILED)) {
			return TARGET_FAILED;
		}
		if (results.stream().anyMatch((result) -> result.verdict() == Verdict.CLIENT_BOUND)) {
			return CLIENT_BOUND;
		}
		return results.stream().allMatch((result) -> expectations.stream().allMatch((each) -> each.isMet(result))) ? OK
				: NOT_AS_EXPECTED;
	}

	/**
	 * The process's.
	 */
	public int code() {
		return this.code;
	}

}
