package dev.echod.client;

import dev.echod.transport.EventLoops;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ClientConfiguration {

	@Bean
	Probe probe(EventLoops eventLoops, BeanFactory beanFactory) {
		return new Probe(eventLoops, beanFactory);
	}

}
