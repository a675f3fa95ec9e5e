package dev.echod;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import java.util.Set;

import dev.echod.client.ProbeCommand;
import dev.echod.client.load.LoadCommand;
import dev.echod.connection.Times;
import dev.echod.training.TrainCommand;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.TypeConversionException;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * The commands of the jar, besides running the service.
 */
@Command(name = "echod", subcommands = { ProbeCommand.class, LoadCommand.class, GenerateCompletion.class },
		mixinStandardHelpOptions = true, exitCodeOnInvalidInput = 1, versionProvider = EchodCommand.Version.class,
		synopsisSubcommandLabel = "COMMAND",
		customSynopsis = { "echod [--PROPERTY=VALUE]...", "   or: echod COMMAND [-h]" },
		description = { "Runs the TCP echo service, or a command.%n",
				"A property is one of application.yml, such as --echod.listeners.echo.port=7777.%n" })
final class EchodCommand {

	/**
	 * What asks about the commands, beside properties as well.
	 */
	private static final Set<String> OPTIONS = Set.of("--help", "-h", "--version", "-V");

	private EchodCommand() {
	}

	/**
	 * Whether these arguments name a command, or ask about them: the service takes
	 * properties only.
	 */
	static boolean isCommand(String... args) {
		return args.length > 0 && (!args[0].startsWith("--") || Arrays.stream(args).anyMatch(OPTIONS::contains));
	}

	/**
	 * Runs a command.
	 * @return its exit code: 0, or what it says of how it failed or was called wrongly
	 */
	static int execute(String... args) {
		LoggingSystem.get(EchodCommand.class.getClassLoader())
			.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.OFF);
		CommandLine commands = new CommandLine(new EchodCommand()).addSubcommand(new TrainCommand(EchodStart::new))
			.registerConverter(Duration.class, EchodCommand::time)
			.setParameterExceptionHandler(EchodCommand::usageError);
		commands.getSubcommands().values().forEach((each) -> each.getCommandSpec().versionProvider(new Version()));
		return commands.execute(asked(args));
	}

	/**
	 * Of a call that names no command, what it asks: its properties are nothing to
	 * picocli.
	 */
	private static String[] asked(String... args) {
		String[] options = Arrays.stream(args).filter(OPTIONS::contains).toArray(String[]::new);
		return (args[0].startsWith("-") && options.length > 0) ? options : args;
	}

	private static Duration time(String text) {
		try {
			return Times.parse(text);
		}
		catch (IllegalArgumentException ex) {
			throw new TypeConversionException("'%s' is not %s".formatted(text, Times.ALLOWED));
		}
	}

	private static int usageError(CommandLine.ParameterException ex, String[] args) {
		PrintWriter err = ex.getCommandLine().getErr();
		err.printf("%s: %s (see '%s --help')%n", ex.getCommandLine().getCommandSpec().qualifiedName(), ex.getMessage(),
				ex.getCommandLine().getCommandSpec().qualifiedName());
		return ex.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
	}

	/**
	 * The version that was built.
	 */
	static final class Version implements IVersionProvider {

		@Override
		public String[] getVersion() throws IOException {
			Properties build = new Properties();
			try (InputStream input = EchodCommand.class.getResourceAsStream("/META-INF/build-info.properties")) {
				if (input != null) {
					build.load(input);
				}
			}
			return new String[] { "echod " + build.getProperty("build.version", "(not packaged)") };
		}

	}

}
