package dev.echod.client.load;

import java.util.Objects;

import dev.echod.framing.FrameDecoder;
import dev.echod.framing.Framing;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is sent.
 */
class ScriptTests {

	@ParameterizedTest
	@EnumSource(value = Framing.class, mode = EnumSource.Mode.EXCLUDE, names = { "STREAM", "HTTP" })
	void eachMessageIsAFrame(Framing framing) throws Exception {
		try (Script script = Script.of(Messages.ofSizes(new Sizes(1, 200), framing), 1)) {
			ByteBuf all = script.slice(0, script.length());
			FrameDecoder decoder = framing.decoder(200);
			for (int message = 0; message < script.messages(); message++) {
				assertThat(all.readerIndex()).isEqualTo(script.begin(message));
				ByteBuf frame = (ByteBuf) Objects.requireNonNull(decoder.decode(all));
				assertThat(frame.readableBytes()).isBetween(1, 200);
				frame.release();
				assertThat(all.readerIndex()).isEqualTo(script.begin(message) + script.length(message));
			}
			assertThat(all.isReadable()).isFalse();
			all.release();
			decoder.release();
		}
	}

	@Test
	void sameSeedIsTheSameScript() {
		try (Script one = Script.of(Messages.ofSizes(new Sizes(1, 9), Framing.STREAM), 7);
				Script same = Script.of(Messages.ofSizes(new Sizes(1, 9), Framing.STREAM), 7);
				Script other = Script.of(Messages.ofSizes(new Sizes(1, 9), Framing.STREAM), 8)) {
			assertThat(one.view()).isEqualTo(same.view()).isNotEqualTo(other.view());
		}
	}

	@Test
	void longestMessagesAreMoreThanOne() {
		try (Script script = Script.of(Messages.ofSizes(new Sizes(Sizes.MAX, Sizes.MAX), Framing.LENGTH_4), 1)) {
			assertThat(script.messages()).isEqualTo(2);
			assertThat(script.length(1)).isEqualTo(Sizes.MAX + 4);
		}
	}

}
