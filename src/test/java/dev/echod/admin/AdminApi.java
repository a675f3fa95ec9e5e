package dev.echod.admin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.echod.EchodApplication;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/**
 * The service that {@link AdminApiTests} use, for tests of their own: two listeners, and
 * the users of {@link dev.echod.testing.AdminClient}. Who guesses there waits by the time
 * of a {@link LoginClock}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(classes = { EchodApplication.class, LoginClock.class, BrokenParts.class },
		webEnvironment = WebEnvironment.DEFINED_PORT,
		properties = { "server.port=0", "echod.listeners.echo.port=0", "echod.listeners.second.port=0",
				"echod.admin.operator.password=secret", "echod.admin.viewer.name=viewer",
				"echod.admin.viewer.password=look" })
public @interface AdminApi {

}
