package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** This machine's own programs reach pods at ports of 127.0.0.1, by {@code hostPort} and by NodePort. */
@Timeout(300)
class HostPortTests {

    private static final String ANSWERED = "220 who are you\nyou said hello\n";

    @TempDir
    private Path folder;

    private RunningPlatform platform;
    private int hostPort;
    private int nodePort;

    @AfterEach
    void stop() throws IOException {
        if (platform != null) {
            platform.close();
        }
    }

    private void start(Setting setting) throws IOException {
        Tools.require("kubectl");
        Tools.require("python3");
        setting.require(folder);
        List<Integer> ports = TestPorts.free(2);
        hostPort = ports.get(0);
        nodePort = ports.get(1);
        Files.writeString(folder.resolve("greeter.py"), """
                import os, socketserver
                class Greet(socketserver.StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'220 who are you\\n'); self.wfile.flush()
                        self.wfile.write(b'you said ' + self.rfile.readline())
                socketserver.ThreadingTCPServer.allow_reuse_address = True
                socketserver.ThreadingTCPServer(('', int(os.environ['PORT'])), Greet).serve_forever()
                """);
        Path file = Files.writeString(folder.resolve("greeter.yaml"), """
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: greeter}
                spec: {command: [python3, greeter.py]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: greeter, labels: {app: greeter}}
                spec:
                  containers:
                  - {name: main, image: greeter, ports: [{containerPort: 8080, hostPort: %d}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: greeter, annotations: {config.linkerd.io/opaque-ports: "80"}}
                spec:
                  type: NodePort
                  selector: {app: greeter}
                  ports: [{port: 80, targetPort: 8080, nodePort: %d}]
                """.formatted(hostPort, nodePort));
        setting.handOver(folder);
        platform = RunningPlatform.start(folder.resolve("data"), setting, file);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NAMESPACES_BY_REDIRECT")
    void aClientOfThisMachineReachesAPodByBoth(Setting setting) throws IOException {
        start(setting);
        awaitAnswer(hostPort);
        awaitAnswer(nodePort);
        for (int port : new int[] {hostPort, nodePort}) {
            assertThat(listening(port)).as("whoever is elsewhere does not").containsExactly("0100007F");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NAMESPACES")
    void aPortThatSomebodyHasIsSaidAndOpenedWhenItIsFree(Setting setting) throws IOException {
        List<Integer> ports = TestPorts.free(1);
        try (ServerSocket others = new ServerSocket(ports.getFirst(), 1, InetAddress.getLoopbackAddress())) {
            start(setting);
            Path file =
                    Files.writeString(folder.resolve("second.yaml"), """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: second}
                    spec:
                      containers:
                      - {name: main, image: greeter, ports: [{containerPort: 8080, hostPort: %d}]}
                    ---
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: third}
                    spec:
                      containers:
                      - {name: main, image: greeter, ports: [{containerPort: 8080, hostPort: %d}]}
                    """.formatted(others.getLocalPort(), hostPort));
            awaitAnswer(hostPort);
            platform.kubectl("apply", "-f", file.toString());
            platform.awaitKubectl("PortNotAvailable", "describe", "pod", "second");
            assertThat(platform.kubectl("describe", "pod", "second").output())
                    .contains("127.0.0.1:" + others.getLocalPort())
                    .contains("Stop what listens there, or choose another port.");
            platform.awaitKubectl(
                    "port " + hostPort + " of this machine is another's already", "describe", "pod", "third");
        }
        awaitAnswer(ports.getFirst());
        awaitAnswer(hostPort);
    }

    private void awaitAnswer(int port) {
        Eventually.holds(
                "an answer at port " + port,
                Duration.ofMinutes(2),
                () -> said(port).equals(ANSWERED),
                () -> said(port) + platform.output());
    }

    private String said(int port) {
        // bash's own sockets: a client that is nobody's library
        String script = "exec 3<>/dev/tcp/127.0.0.1/" + port + " && head -1 <&3 && echo hello >&3 && head -1 <&3";
        return WeftCommand.run(folder, 30, List.of("bash", "-c", script)).output();
    }

    /** The addresses at which this machine's own network listens there, as the kernel writes them. */
    private static List<String> listening(int port) throws IOException {
        String place = String.format(Locale.ROOT, ":%04X", port);
        List<String> found = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) { // an IPv6 socket may have an IPv4 address
            for (String line : Files.readAllLines(Path.of(table))) {
                List<String> fields = List.of(line.strip().split("\\s+", -1));
                if (fields.get(1).endsWith(place) && fields.get(3).equals("0A")) {
                    String address = fields.get(1).substring(0, fields.get(1).length() - place.length());
                    found.add(address.substring(address.length() - 8));
                }
            }
        }
        return found;
    }
}
