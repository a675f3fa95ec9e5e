package dev.echod.definitions;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.PropertySource;

/**
 * Has no properties, and notes which ones it is asked for.
 */
final class AskedProperties extends PropertySource<Set<String>> {

	static final String NAME = "asked";

	AskedProperties() {
		super(NAME, Collections.synchronizedSet(new TreeSet<>()));
	}

	@Override
	public @Nullable Object getProperty(String name) {
		this.source.add(name);
		return null;
	}

}
