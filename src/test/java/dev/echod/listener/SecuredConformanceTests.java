package dev.echod.listener;

import java.util.Arrays;
import java.util.stream.Stream;

import dev.echod.framing.Framing;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same promises with TLS, behind a proxy, and both. Two framings tell whether what
 * follows is the same.
 */
@Tag("long")
@ParameterizedClass
@MethodSource("kinds")
class SecuredConformanceTests extends ServingConformance {

	static Stream<Kind> kinds() {
		return Stream.concat(plain(), onOtherTransports())
			.filter(Kind::takesMore)
			.filter((kind) -> kind.framing() == Framing.STREAM || kind.framing() == Framing.LF)
			.flatMap((kind) -> Arrays.stream(Security.values())
				.flatMap((security) -> Stream.of(kind.with(security, false), kind.with(security, true))))
			.filter((kind) -> kind.proxied() || kind.security() != Security.NONE);
	}

}
