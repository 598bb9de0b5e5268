package dev.weft.runtime.namespace;

import dev.weft.runtime.linux.SystemProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out whether pods can have namespaces here, by making one and running a program in it. */
public final class NamespaceProbe {

    private NamespaceProbe() {}

    /** Why they cannot, for people; empty when they can. Takes some tens of milliseconds. */
    public static Optional<String> refusal() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.of(System.getProperty("os.name") + " has no network namespaces");
        }
        try (Maker maker = Maker.start()) {
            Path folder = Files.createTempDirectory("weft-probe");
            PodAddresses addresses = PodAddresses.of(0);
            PodFiles files = PodFiles.write(folder, "default", "probe", addresses, "10.96.0.10");
            try (PodNamespace made = PodNamespace.make(maker, "probe", addresses, files)) {
                return run(made);
            }
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> run(PodNamespace made) throws IOException {
        List<String> command = new ArrayList<>(made.entrance(Path.of("/")));
        command.add(SystemProgram.TRUE.path());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            int code = process.waitFor();
            return code == 0 ? Optional.empty() : Optional.of("nsenter ended with " + code + ": " + said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
