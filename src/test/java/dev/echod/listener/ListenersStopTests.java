package dev.echod.listener;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * The end of all listeners.
 */
class ListenersStopTests {

	@Test
	void listenerThatFailsToStopDoesNotSkipTheOthers() {
		Listener failing = mock(Listener.class);
		Listener broken = mock(Listener.class);
		Listener last = mock(Listener.class);
		willThrow(new IllegalStateException("as the test wants it")).given(failing).stop();
		willThrow(new NoClassDefFoundError("as the test wants it")).given(broken).stop();
		Listeners listeners = new Listeners(List.of(failing, broken, last));
		listeners.start();
		assertThatCode(listeners::stop).doesNotThrowAnyException();
		verify(last).stop();
	}

}
