package dev.weft.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that uses a part of a processor all the time and answers nothing, as an image. */
final class BusyProgram {

    private static final String IMAGE = """
            apiVersion: weft.dev/v1alpha1
            kind: LocalImage
            metadata: {name: busy}
            spec: {command: [/bin/sh, -c, "while true; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; sleep 0.1; done"]}
            ---
            """;

    private BusyProgram() {}

    /** A platform that has the image {@code busy} and what these documents say, for tests with kubectl. */
    static RunningPlatform platform(Path folder, String documents) throws IOException {
        Tools.require("kubectl");
        Path file = Files.writeString(folder.resolve("busy.yaml"), IMAGE + documents);
        return RunningPlatform.start(folder.resolve("data"), file);
    }
}
