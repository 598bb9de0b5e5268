package dev.weft.runtime;

import dev.weft.runtime.image.FunctionCommand;
import java.io.IOException;
import java.nio.file.Path;

/** Makes the caches with which the JVMs of functions start; run by {@code ./weft} once after a build. */
public final class FunctionTraining {

    private FunctionTraining() {}

    /** Ends with the exit code of the training. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        FunctionCommand functions = new FunctionCommand(
                Path.of(System.getProperty("java.home")), FunctionHostJar.find(), FunctionHostJar.interfaces());
        Process training = new ProcessBuilder(functions.training()).inheritIO().start();
        Process ofSpares =
                new ProcessBuilder(functions.trainingOfSpares()).inheritIO().start();
        System.exit(Math.max(training.waitFor(), ofSpares.waitFor()));
    }
}
