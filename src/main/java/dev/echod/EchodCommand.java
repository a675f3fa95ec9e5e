package dev.echod;

import java.io.PrintWriter;

import dev.echod.client.ProbeCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * The commands of the jar, besides running the service.
 */
@Command(name = "echod", subcommands = ProbeCommand.class)
final class EchodCommand {

	private EchodCommand() {
	}

	/**
	 * Whether these arguments name a command: the service takes options only.
	 */
	static boolean isCommand(String... args) {
		return args.length > 0 && !args[0].startsWith("--");
	}

	/**
	 * Runs a command.
	 * @return its exit code: 0 or, when it failed or was called wrongly, 1
	 */
	static int execute(String... args) {
		LoggingSystem.get(EchodCommand.class.getClassLoader())
			.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.OFF);
		return new CommandLine(new EchodCommand()).setParameterExceptionHandler(EchodCommand::usageError).execute(args);
	}

	private static int usageError(CommandLine.ParameterException ex, String[] args) {
		PrintWriter err = ex.getCommandLine().getErr();
		err.printf("%s: %s (see '%s --help')%n", ex.getCommandLine().getCommandSpec().qualifiedName(), ex.getMessage(),
				ex.getCommandLine().getCommandSpec().qualifiedName());
		return 1;
	}

}
