package dev.weft.cli.command;

import dev.weft.cli.platform.Observing;
import dev.weft.cli.platform.Platform;
import dev.weft.cli.platform.PodsMode;
import dev.weft.cli.platform.Ports;
import dev.weft.cli.platform.Settings;
import dev.weft.cli.training.ProxyTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * A short run for the launcher's cache of loaded classes: of the whole platform and of the commands that ask it, without a
 * workload; or of the data plane alone, with requests.
 */
@Command(name = "train", hidden = true, description = "Runs what the launcher's cache is made from.")
final class Train implements Callable<Integer> {

    private static final int REQUESTS = 20;

    @Parameters(arity = "0..1", description = "proxy, or nothing for the platform")
    private String what = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("weft-train-");
        try {
            if (what.equals("proxy")) {
                ProxyTraining.run(folder, Train::proxy);
                return 0;
            }
            Path file = folder.resolve("settings.yaml");
            Files.writeString(file, """
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: a}
                    data: {b: c}
                    ---
                    apiVersion: getambassador.io/v3alpha1
                    kind: Listener
                    metadata: {name: http}
                    spec:
                      port: 8080
                      protocol: HTTP
                      securityModel: XFP
                      hostBinding: {namespace: {from: ALL}}
                    """);
            Path data = folder.resolve("data");
            List<Integer> ports = Ports.free(4);
            Settings settings = new Settings(
                    Home.path(),
                    data,
                    List.of(file),
                    ports.get(0),
                    ports.get(1),
                    ports.get(2),
                    ports.get(3),
                    Observing.NOTHING,
                    PodsMode.LOOPBACK,
                    0);
            Platform platform = Platform.start(settings, line -> {});
            for (int i = 0; i < REQUESTS; i++) {
                askEdge(ports.get(0));
            }
            for (String command : List.of("stat", "edges", "routes", "why", "get configmaps -A", "get cm a -o yaml")) {
                String[] words = (command + " --data " + data).split(" ", -1);
                Weft.run(new PrintWriter(Writer.nullWriter()), words);
            }
            return platform.stop() ? 0 : 1;
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    private static void proxy(Path snapshot) {
        Weft.run(new PrintWriter(Writer.nullWriter()), "proxy", "--snapshot", snapshot.toString());
    }

    private static void askEdge(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String request = "GET / HTTP/1.1\r\nHost: nobody.invalid\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            if (answer.length == 0) {
                throw new IOException("the edge did not answer");
            }
        }
    }
}
