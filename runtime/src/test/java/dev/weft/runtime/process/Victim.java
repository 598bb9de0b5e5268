package dev.weft.runtime.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A platform in a JVM of its own, to be killed: starts a program that starts another, and tells when they run. */
public final class Victim {

    private Victim() {}

    /** Arguments: the folder, {@code namespace} or {@code group}, and a word by which to find what was started. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of(args[0]);
        try (Spawner spawner = new Spawner(folder, args[1].equals("namespace"))) {
            String program = "sh -c 'sleep 1000; : " + args[2] + " inner' & echo started; wait; : " + args[2];
            RunningProcess process =
                    spawner.start(List.of("sh", "-c", program), Map.of("PATH", "/usr/bin:/bin"), folder, () -> {});
            System.out.write(process.output().read());
            System.out.flush();
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
