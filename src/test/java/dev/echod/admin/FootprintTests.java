package dev.echod.admin;

import java.nio.charset.StandardCharsets;

import dev.echod.testing.TestClient;
import io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a started service consists of: none of it is for nothing.
 */
class FootprintTests extends StartedService {

	@Autowired
	private ApplicationContext context;

	/**
	 * What starters bring for what is not done here: nobody's classes are proxied, no
	 * file is uploaded, nothing is stored in transactions, nothing is scheduled by
	 * annotations.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "aop.AopAutoConfiguration", "PersistenceExceptionTranslationAutoConfiguration",
			"TransactionAutoConfiguration", "TransactionManagerCustomizationAutoConfiguration",
			"ReactiveMultipartAutoConfiguration", "ScheduledTasksObservationAutoConfiguration" })
	void autoConfigurationThatIsNotUsedIsLeftOut(String name) {
		assertThat(this.context.getBeanDefinitionNames()).isNotEmpty().noneMatch((bean) -> bean.endsWith(name));
	}

	/**
	 * More of them is a longer start, for everybody: whoever needs one raises the bound.
	 */
	@Test
	void beansAreNoMoreThanAreKnown() {
		assertThat(this.context.getBeanDefinitionCount()).isLessThanOrEqualTo(430);
	}

	@Test
	void connectionThatIsKeptIsAnsweredEachTime() throws Exception {
		byte[] request = "GET /actuator/health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
		try (TestClient client = new TestClient(this.adminPort)) {
			for (int i = 0; i < 1_000; i++) {
				client.send(request);
				StringBuilder answer = new StringBuilder();
				while (answer.indexOf("\"}") < 0) {
					answer.append((char) client.receive(1)[0]);
				}
				assertThat(answer).startsWith("HTTP/1.1 200");
			}
		}
	}

	@Test
	void adminApiIsServedByTwoThreads() {
		EventLoopGroup threads = this.context.getBean(ReactorResourceFactory.class)
			.getLoopResources()
			.onServer(LoopResources.DEFAULT_NATIVE);
		assertThat(threads).hasSize(2)
			.allSatisfy((thread) -> assertThat(thread.submit(() -> Thread.currentThread().getName()).get())
				.startsWith("admin-"));
	}

}
