/**
 * TLS: what secures connections, made of Spring Boot's SSL bundles and reloaded with
 * them.
 */
@NullMarked
package dev.echod.tls;

import org.jspecify.annotations.NullMarked;
