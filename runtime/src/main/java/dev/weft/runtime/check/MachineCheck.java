package dev.weft.runtime.check;

import dev.weft.runtime.check.Finding.Level;
import dev.weft.runtime.namespace.NamespaceProbe;
import dev.weft.runtime.process.PidNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tries what the runtime needs of the machine; files of the kernel are read for the remedy only. */
public final class MachineCheck {

    private static final Path APPARMOR = Path.of("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
    private static final Path CLONE = Path.of("/proc/sys/kernel/unprivileged_userns_clone");
    private static final Path NAMESPACES_MAX = Path.of("/proc/sys/user/max_user_namespaces");

    private MachineCheck() {}

    public static List<Finding> run() {
        List<Finding> findings = new ArrayList<>();
        findings.add(addresses());
        findings.add(isolation());
        findings.add(networks());
        findings.add(new Finding(
                "resource limits",
                Level.LIMITED,
                "resources.limits and requests of containers are accepted and have no effect here",
                ""));
        return List.copyOf(findings);
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
                    "namespaces: each pod has a network to itself, which only the mesh leads out of",
                    "");
        }
        return new Finding(
                "network of pods",
                Level.LIMITED,
                "loopback mode, because namespaces are refused: " + refusal.get()
                        + ". Pods share the host's network; programs listen on the PORT that they are told and call"
                        + " others through the proxy settings that they are given, so a program that ignores both"
                        + " stays outside the mesh",
                System.getProperty("os.name").equals("Linux")
                        ? remedy()
                        : "Run it on Linux, for example in a virtual machine.");
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
                remedy());
    }

    private static String remedy() {
        if (read(APPARMOR).equals("1")) {
            return "AppArmor forbids it to ordinary users: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0";
        }
        if (read(CLONE).equals("0")) {
            return "The kernel forbids it to ordinary users: sudo sysctl kernel.unprivileged_userns_clone=1";
        }
        if (read(NAMESPACES_MAX).equals("0")) {
            return "The kernel allows no user namespaces: sudo sysctl user.max_user_namespaces=10000";
        }
        return "Install util-linux (unshare, nsenter and setpriv); in a container, allow it CAP_SYS_ADMIN and"
                + " CAP_NET_ADMIN (--cap-add).";
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
