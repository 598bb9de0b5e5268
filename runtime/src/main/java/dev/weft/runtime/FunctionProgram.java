package dev.weft.runtime;

import dev.weft.runtime.host.FunctionHost;
import dev.weft.runtime.image.FunctionCommand;
import java.nio.file.Path;
import java.util.List;

/** How a function is served on this machine, for those who do it without a platform. */
public final class FunctionProgram {

    /** The variable that says which address a function's host listens on; all of the machine's without it. */
    public static final String ADDRESS = FunctionHost.ADDRESS;

    private FunctionProgram() {}

    /** The command that serves it on {@code PORT}. */
    public static List<String> command(List<Path> classpath, String className) {
        Path javaHome = Path.of(System.getProperty("java.home"));
        return new FunctionCommand(javaHome, FunctionHostJar.find(), interfaces()).of(classpath, className);
    }

    /** Jars of interfaces that functions may leave to their host; they are compiled against these. */
    public static List<Path> interfaces() {
        return FunctionHostJar.interfaces();
    }
}
