package dev.weft.runtime;

import java.io.IOException;
import java.nio.file.Path;

/** A platform of some pods in a process of its own; says how many of them are ready, also to a byte, and ends with its input. */
final class KilledPlatform {

    private KilledPlatform() {}

    public static void main(String[] arguments) throws IOException {
        try (Machine machine = Machine.withNetworks(Path.of(arguments[0]))) {
            machine.image("family", "sh", "-c", "sleep 1000 & (sleep 1000; true) & wait");
            machine.deployment(
                    "one",
                    Integer.parseInt(arguments[1]),
                    "family",
                    "'ports': [{'containerPort': 8080}],"
                            + " 'livenessProbe': {'exec': {'command': ['true']}, 'periodSeconds': 1}");
            Runnable say = () -> {
                synchronized (machine) { // what is said last is the last that was true
                    System.out.println("ready " + machine.ready().size());
                }
            };
            machine.runtime.onChange(say);
            say.run();
            while (System.in.read() >= 0) {
                say.run();
            }
        }
    }
}
