package dev.echod.admin;

import java.time.Duration;

import dev.echod.connection.Times;

import org.springframework.boot.actuate.endpoint.annotation.EndpointConverter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;

/**
 * How endpoints read times: with a unit.
 */
@Configuration(proxyBeanMethods = false)
class TimeConverters {

	@Bean
	@EndpointConverter
	Converter<String, Duration> textOfTime() {
		return new OfText();
	}

	private static final class OfText implements Converter<String, Duration> {

		@Override
		public Duration convert(String source) {
			return Times.parse(source);
		}

	}

}
