package dev.echod;

import java.util.regex.Pattern;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

import org.springframework.context.annotation.Profile;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

/**
 * Holds the table of rooms: what each may use, and who may use which library.
 */
@AnalyzeClasses(packages = "dev.echod",
		importOptions = { ImportOption.DoNotIncludeTests.class, ArchitectureTests.DoNotIncludeGenerated.class })
class ArchitectureTests {

	@ArchTest
	static final ArchRule arrowsPointOneWay = Architectures.layeredArchitecture()
		.consideringOnlyDependenciesInLayers()
		.layer("application")
		.definedBy("dev.echod")
		.layer("connection")
		.definedBy("dev.echod.connection")
		.layer("admission")
		.definedBy("dev.echod.admission")
		.layer("tls")
		.definedBy("dev.echod.tls")
		.layer("proxy")
		.definedBy("dev.echod.proxy")
		.layer("framing")
		.definedBy("dev.echod.framing")
		.layer("gateway")
		.definedBy("dev.echod.gateway")
		.layer("transport")
		.definedBy("dev.echod.transport")
		.layer("service")
		.definedBy("dev.echod.service")
		.layer("classic")
		.definedBy("dev.echod.classic")
		.layer("listener")
		.definedBy("dev.echod.listener")
		.layer("drain")
		.definedBy("dev.echod.drain")
		.layer("client")
		.definedBy("dev.echod.client", "dev.echod.client.load")
		.layer("refusal")
		.definedBy("dev.echod.refusal")
		.layer("log")
		.definedBy("dev.echod.log")
		.layer("metrics")
		.definedBy("dev.echod.metrics")
		.layer("admin")
		.definedBy("dev.echod.admin")
		.layer("stats")
		.definedBy("dev.echod.stats")
		.layer("definitions")
		.definedBy("dev.echod.definitions")
		.layer("training")
		.definedBy("dev.echod.training")
		.whereLayer("application")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("connection")
		.mayOnlyBeAccessedByLayers("application", "admission", "tls", "proxy", "gateway", "transport", "service",
				"classic", "listener", "drain", "client", "metrics", "admin", "stats")
		.whereLayer("admission")
		.mayOnlyBeAccessedByLayers("application", "transport", "classic", "listener")
		.whereLayer("tls")
		.mayOnlyBeAccessedByLayers("application", "gateway", "transport", "service", "classic", "listener", "client",
				"metrics", "admin")
		.whereLayer("proxy")
		.mayOnlyBeAccessedByLayers("transport", "classic", "listener", "client", "admin")
		.whereLayer("framing")
		.mayOnlyBeAccessedByLayers("application", "gateway", "transport", "service", "classic", "listener", "client",
				"admin")
		.whereLayer("gateway")
		.mayOnlyBeAccessedByLayers("transport", "classic", "listener", "client")
		.whereLayer("transport")
		.mayOnlyBeAccessedByLayers("application", "service", "listener", "client", "metrics", "admin", "stats")
		.whereLayer("service")
		.mayOnlyBeAccessedByLayers("application", "listener")
		.whereLayer("classic")
		.mayOnlyBeAccessedByLayers("application", "listener")
		.whereLayer("listener")
		.mayOnlyBeAccessedByLayers("application", "drain", "metrics", "admin", "stats", "training")
		.whereLayer("drain")
		.mayOnlyBeAccessedByLayers("application", "metrics", "admin", "stats")
		.whereLayer("client")
		.mayOnlyBeAccessedByLayers("application", "admin")
		.whereLayer("refusal")
		.mayOnlyBeAccessedByLayers("metrics", "admin")
		.whereLayer("log")
		.mayOnlyBeAccessedByLayers("application", "metrics")
		.whereLayer("metrics")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("admin")
		.mayOnlyBeAccessedByLayers("application", "stats")
		.whereLayer("stats")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("definitions")
		.mayOnlyBeAccessedByLayers("application")
		.whereLayer("training")
		.mayOnlyBeAccessedByLayers("application");

	@ArchTest
	static final ArchRule onlyTheEngineAndItsMetersUseNetty = noClasses().that()
		.resideOutsideOfPackages("dev.echod.transport", "dev.echod.framing", "dev.echod.proxy", "dev.echod.client..",
				"dev.echod.metrics")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.netty..");

	@ArchTest
	static final ArchRule onlyAdminUsesActuatorAndSecurity = noClasses().that()
		.resideOutsideOfPackage("dev.echod.admin")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot.actuate..", "org.springframework.boot.health..",
				"org.springframework.security..");

	@ArchTest
	static final ArchRule onlyMetricsUsesMicrometer = noClasses().that()
		.resideOutsideOfPackage("dev.echod.metrics")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.micrometer..")
		.because("the way of a byte takes no timer");

	@ArchTest
	static final ArchRule noClassIsForAProfile = noClasses().should()
		.beAnnotatedWith(Profile.class)
		.because("definitions that were made at the build are used with any");

	@ArchTest
	static final ArchRule noBeanIsForAProfile = noMethods().should()
		.beAnnotatedWith(Profile.class)
		.because("definitions that were made at the build are used with any");

	/**
	 * Leaves out the bean definitions that an earlier build made.
	 */
	static final class DoNotIncludeGenerated implements ImportOption {

		private static final Pattern GENERATED = Pattern.compile(".*__\\w+(\\$\\w+)*\\.class");

		@Override
		public boolean includes(Location location) {
			return !location.matches(GENERATED);
		}

	}

}
