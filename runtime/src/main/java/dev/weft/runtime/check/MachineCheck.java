package dev.weft.runtime.check;

import dev.weft.runtime.check.Finding.Level;
import dev.weft.runtime.namespace.Maker;
import dev.weft.runtime.namespace.NamespaceProbe;
import dev.weft.runtime.process.Cgroups;
import dev.weft.runtime.process.PidNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tries what the runtime needs of the machine. */
public final class MachineCheck {

    private MachineCheck() {}

    public static List<Finding> run() {
        List<Finding> findings = new ArrayList<>();
        findings.add(addresses());
        findings.add(isolation());
        findings.add(networks());
        findings.add(limits(new Cgroups(Path.of("/"))));
        return List.copyOf(findings);
    }

    static Finding limits(Cgroups cgroups) {
        if (cgroups.usable()) {
            return new Finding(
                    "resource limits",
                    Level.WORKS,
                    "limits of processors and memory are the kernel's, requests have no effect: " + cgroups.state(),
                    "");
        }
        return new Finding(
                "resource limits",
                Level.LIMITED,
                "a watchdog ends containers that hold more memory than their limit (OOMKilled, exit code 137), a quarter of a"
                        + " second late at worst; limits of processors have no effect, nor have requests: "
                        + cgroups.state(),
                "");
    }

    private static Finding addresses() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.99.99.1"), 0));
            return new Finding("addresses of pods", Level.WORKS, "every address in 127/8 can be used", "");
        } catch (IOException e) {
            return new Finding(
                    "addresses of pods",
                    Level.MISSING,
                    "only some addresses in 127/8 can be used here (" + e.getMessage()
                            + "), and every pod needs its own",
                    "On macOS add aliases: for i in $(seq 1 20); do sudo ifconfig lo0 alias 127.1.0.$i; done");
        }
    }

    private static Finding networks() {
        Optional<String> refusal = NamespaceProbe.refusal();
        if (refusal.isEmpty()) {
            return new Finding(
                    "network of pods",
                    Level.WORKS,
                    "namespaces: each pod has a network to itself, which only the mesh leads out of" + steering(),
                    "");
        }
        return new Finding(
                "network of pods",
                Level.LIMITED,
                "loopback mode, because namespaces are refused: " + refusal.get()
                        + ". Pods share the host's network; programs listen on the PORT that they are told and call"
                        + " others through the proxy settings that they are given, so a program that ignores both"
                        + " stays outside the mesh",
                Remedies.forNetworks(refusal.get()));
    }

    private static String steering() {
        try (Maker maker = Maker.start()) {
            return switch (maker.way()) {
                case KEPT -> "";
                case CHANGED ->
                    " (by REDIRECT, which costs some CPU for each packet: this kernel has no nft_tproxy, or it was asked for)";
            };
        } catch (IOException e) {
            return ""; // it could be made a moment ago
        }
    }

    private static Finding isolation() {
        Optional<PidNamespace> namespace = PidNamespace.probe();
        if (namespace.isPresent()) {
            return new Finding("processes of pods", Level.WORKS, namespace.get().description(), "");
        }
        return new Finding(
                "processes of pods",
                Level.LIMITED,
                "pid namespaces are not allowed here: process groups and a watchdog end programs with the platform,"
                        + " except those that start a session of their own; the next start ends what it finds of them",
                Remedies.forNamespaces());
    }
}
