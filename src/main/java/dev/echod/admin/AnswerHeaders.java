package dev.echod.admin;

import java.util.function.Consumer;

import org.springframework.core.Ordered;
import org.springframework.security.web.server.header.CacheControlServerHttpHeadersWriter;
import org.springframework.security.web.server.header.CompositeServerHttpHeadersWriter;
import org.springframework.security.web.server.header.ContentSecurityPolicyServerHttpHeadersWriter;
import org.springframework.security.web.server.header.ContentTypeOptionsServerHttpHeadersWriter;
import org.springframework.security.web.server.header.CrossOriginResourcePolicyServerHttpHeadersWriter;
import org.springframework.security.web.server.header.CrossOriginResourcePolicyServerHttpHeadersWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.server.header.HttpHeaderWriterWebFilter;
import org.springframework.security.web.server.header.ReferrerPolicyServerHttpHeadersWriter;
import org.springframework.security.web.server.header.ReferrerPolicyServerHttpHeadersWriter.ReferrerPolicy;
import org.springframework.security.web.server.header.StrictTransportSecurityServerHttpHeadersWriter;
import org.springframework.security.web.server.header.XFrameOptionsServerHttpHeadersWriter;
import org.springframework.security.web.server.header.XXssProtectionServerHttpHeadersWriter;

/**
 * Says with each answer what a browser may do with it. Security's own come with those
 * that it lets through to its rules alone: this is before it, for what it refuses at once
 * as well.
 */
class AnswerHeaders extends HttpHeaderWriterWebFilter implements Ordered {

	/**
	 * Nothing is from elsewhere, nothing is inline, and nobody frames it.
	 */
	private static final String CONTENT_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; "
			+ "frame-ancestors 'none'; object-src 'none'";

	AnswerHeaders() {
		super(new CompositeServerHttpHeadersWriter(new CacheControlServerHttpHeadersWriter(),
				new ContentTypeOptionsServerHttpHeadersWriter(), new StrictTransportSecurityServerHttpHeadersWriter(),
				new XFrameOptionsServerHttpHeadersWriter(), new XXssProtectionServerHttpHeadersWriter(),
				with(new ContentSecurityPolicyServerHttpHeadersWriter(),
						(policy) -> policy.setPolicyDirectives(CONTENT_POLICY)),
				with(new ReferrerPolicyServerHttpHeadersWriter(),
						(policy) -> policy.setPolicy(ReferrerPolicy.SAME_ORIGIN)),
				with(new CrossOriginResourcePolicyServerHttpHeadersWriter(),
						(policy) -> policy.setPolicy(CrossOriginResourcePolicy.SAME_ORIGIN))));
	}

	private static <W> W with(W writer, Consumer<W> setting) {
		setting.accept(writer);
		return writer;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}
