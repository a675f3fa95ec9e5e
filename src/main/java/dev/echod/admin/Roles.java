package dev.echod.admin;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

/**
 * Whom names, or values of a claim, make an operator or a viewer.
 *
 * @param operators those that may read and change
 * @param viewers those that may read
 */
record Roles(Set<String> operators, Set<String> viewers) {

	static final String OPERATOR = "OPERATOR";

	static final String VIEWER = "VIEWER";

	private static final String PREFIX = "ROLE_";

	/**
	 * Whether the caller is a viewer or an operator.
	 */
	static boolean has(@Nullable SecurityContext caller) {
		return caller != null && (caller.isUserInRole(VIEWER) || caller.isUserInRole(OPERATOR));
	}

	/**
	 * The roles among what somebody may.
	 */
	static List<String> names(Collection<? extends GrantedAuthority> authorities) {
		return authorities.stream()
			.map(GrantedAuthority::getAuthority)
			.filter(Objects::nonNull)
			.filter((authority) -> authority.startsWith(PREFIX))
			.map((authority) -> authority.substring(PREFIX.length()))
			.toList();
	}

	static Roles of(Collection<String> operators, Collection<String> viewers) {
		return new Roles(Set.copyOf(operators), Set.copyOf(viewers));
	}

	/**
	 * What somebody may who has these.
	 * @return nothing, if none of them is one of ours
	 */
	List<GrantedAuthority> of(Collection<String> names) {
		if (names.stream().anyMatch(this.operators::contains)) {
			return AuthorityUtils.createAuthorityList(PREFIX + OPERATOR);
		}
		if (names.stream().anyMatch(this.viewers::contains)) {
			return AuthorityUtils.createAuthorityList(PREFIX + VIEWER);
		}
		return List.of();
	}

}
