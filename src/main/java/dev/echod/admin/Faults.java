package dev.echod.admin;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Answers what nobody foresaw, in an endpoint or before it, as everything else is
 * answered: with a problem (RFC 9457). What it was is for the log alone, once.
 */
class Faults implements WebExceptionHandler, Ordered {

	/**
	 * Before Boot's own, at -1, which has other shapes.
	 */
	private static final int ORDER = -2;

	private static final Logger logger = LoggerFactory.getLogger(Faults.class);

	private final Answers answers;

	Faults(Answers answers) {
		this.answers = answers;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable ex) {
		if (exchange.getResponse().isCommitted() || DisconnectedClientHelper.isClientDisconnectedException(ex)) {
			return Mono.error(ex);
		}
		if (ex instanceof ErrorResponse refusal) {
			exchange.getResponse().getHeaders().addAll(refusal.getHeaders());
			return this.answers.write(exchange, refusal.getBody());
		}
		logger.error("{} {} failed", exchange.getRequest().getMethod(), exchange.getRequest().getPath(), ex);
		return this.answers.write(exchange, ProblemDetail.forStatusAndDetail(HttpStatus.INTERNAL_SERVER_ERROR,
				"The service failed to do this, and its log says why"));
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

}
