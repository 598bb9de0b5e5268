package dev.weft.runtime.namespace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds out whether pods can have namespaces here, by making one. */
public final class NamespaceProbe {

    private NamespaceProbe() {}

    /** Why they cannot, for people; empty when they can. */
    public static Optional<String> refusal() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.of(System.getProperty("os.name") + " has no network namespaces");
        }
        try (Maker maker = Maker.start()) {
            Path folder = Files.createTempDirectory("weft-probe");
            PodAddresses addresses = PodAddresses.of(0);
            PodFiles files = PodFiles.write(folder, "default", "probe", addresses, "10.96.0.10");
            PodNamespace.make(maker, "probe", addresses, files).close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
