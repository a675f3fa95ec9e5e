package dev.echod.stats;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.echod.admin.LastProbes;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.drain.Drain;
import dev.echod.listener.Listeners;
import dev.echod.transport.EventLoops;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

@Configuration(proxyBeanMethods = false)
class StatsConfiguration {

	@Bean
	History history() {
		return new History(Instant.now().truncatedTo(ChronoUnit.MILLIS));
	}

	@Bean
	Viewers viewers(History history) {
		return new Viewers(history, System::nanoTime);
	}

	@Bean
	Sampler sampler(ObjectProvider<BuildProperties> build, EventLoops eventLoops, ApplicationAvailability availability,
			Drain drain, Listeners listeners, ConnectionRegistry registry, LastProbes probes, History history) {
		BuildProperties known = build.getIfAvailable();
		return new Sampler((known != null) ? known.getVersion() : null, eventLoops, availability, drain, listeners,
				registry, probes, history.start(), System::nanoTime);
	}

	@Bean
	StatsStream statsStream(Sampler sampler, History history, Viewers viewers, Drain drain, JsonMapper mapper) {
		return new StatsStream(sampler, history, viewers, () -> StatsStream.End.of(drain), mapper);
	}

	@Bean
	RouterFunction<ServerResponse> statsRoutes(History history, Viewers viewers) {
		return new StatsRoutes(history, viewers).routes();
	}

}
