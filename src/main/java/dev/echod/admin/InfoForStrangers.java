package dev.echod.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Tells who is neither viewer nor operator no more than the service's name and version.
 */
class InfoForStrangers extends LessForStrangers {

	private static final String BUILD = "build";

	private static final List<String> TOLD = List.of("name", "version");

	InfoForStrangers() {
		super("info");
	}

	@Override
	Object reduced(@Nullable Object info) {
		Map<Object, Object> told = new LinkedHashMap<>();
		if (info instanceof Map<?, ?> all && all.get(BUILD) instanceof Map<?, ?> build) {
			told.putAll(build);
			told.keySet().retainAll(TOLD);
		}
		return Map.of(BUILD, told);
	}

}
