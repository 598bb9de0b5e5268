package dev.weft.runtime;

import dev.weft.resources.Kinds;
import dev.weft.runtime.host.Shout;
import java.io.IOException;
import java.nio.file.Path;

/** A platform with a parked JVM in a process of its own; says when it is, and waits for the end of its input. */
final class KilledSpares {

    private KilledSpares() {}

    public static void main(String[] arguments) throws IOException {
        try (Machine machine = Machine.withSpares(Path.of(arguments[0]), arguments[1].equals("namespaces"), 1)) {
            machine.apply(
                    Kinds.LOCAL_IMAGE,
                    "{'metadata': {'name': 'f'}, 'spec': {'function': {'jar': 'f.jar', 'class': '%s'}}}"
                            .formatted(Shout.class.getName()));
            Machine.await("parked", () -> machine.runtime.parkedSpares() == 1);
            System.out.println("parked");
            while (System.in.read() >= 0) {
                System.out.println("parked " + machine.runtime.parkedSpares());
            }
        }
    }
}
