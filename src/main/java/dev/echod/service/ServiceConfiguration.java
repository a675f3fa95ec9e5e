package dev.echod.service;

import dev.echod.transport.EventLoops;

import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ServiceConfiguration {

	@Bean
	Services services(EventLoops eventLoops, AutowireCapableBeanFactory beanFactory) {
		return new Services(eventLoops, beanFactory);
	}

}
