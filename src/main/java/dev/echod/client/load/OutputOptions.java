package dev.echod.client.load;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of what is made of what was measured.
 */
final class OutputOptions {

	@Option(names = "--expect")
	private List<String> expectations = List.of();

	@Option(names = "--compare")
	private @Nullable Path compare;

	@Option(names = "--json")
	private @Nullable Path json;

	@Option(names = "--json-schema", help = true)
	private boolean jsonSchema;

	@Option(names = "--hdr")
	private @Nullable Path hdr;

	@Option(names = "--html")
	private @Nullable Path html;

	/**
	 * Whether nothing is asked for but how a report is to be read.
	 */
	boolean isSchemaAsked() {
		return this.jsonSchema;
	}

	/**
	 * What is expected of each run.
	 * @throws IllegalArgumentException if one is wrong; it says what there are
	 */
	List<Expectation> expectations() {
		return this.expectations.stream().map(Expectation::of).toList();
	}

	/**
	 * The load to compare with; null for none.
	 * @throws IllegalArgumentException if the file is no report; it says so
	 */
	@Nullable JsonReport earlier() {
		return (this.compare != null) ? JsonReport.read(this.compare) : null;
	}

	/**
	 * The files that are written.
	 * @throws IllegalArgumentException if one cannot be; it says which, and why
	 */
	Outputs outputs() {
		return new Outputs(this.json, this.hdr, this.html);
	}

}
