package dev.echod.listener;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same promises, by event loops on the transports that are not the first choice here
 * and may be the only one elsewhere.
 */
@Tag("long")
@ParameterizedClass
@MethodSource("onOtherTransports")
class OtherTransportsConformanceTests extends ServingConformance {

}
