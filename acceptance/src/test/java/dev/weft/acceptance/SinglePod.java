package dev.weft.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pod of one container, for tests that look into it with kubectl. */
final class SinglePod {

    private SinglePod() {}

    /** A platform with a pod of this name; the command as items of a list in YAML. */
    static RunningPlatform platform(Path folder, String name, String command) throws IOException {
        Tools.require("kubectl");
        Path file = Files.writeString(folder.resolve(name + ".yaml"), """
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: %1$s}
                spec: {command: [%2$s]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: %1$s}
                spec:
                  containers: [{name: main, image: %1$s}]
                """.formatted(name, command));
        return RunningPlatform.start(folder.resolve("data"), file);
    }
}
