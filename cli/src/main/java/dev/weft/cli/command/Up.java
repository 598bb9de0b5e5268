package dev.weft.cli.command;

import dev.weft.cli.client.Refusal;
import dev.weft.cli.platform.Platform;
import dev.weft.cli.platform.PodsMode;
import dev.weft.cli.platform.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        description = "Runs the platform in the foreground; applies YAML files and folders, and follows their changes.",
        footer = {
            "",
            "Everything listens on loopback only. Ctrl-C drains, stops every workload and exits 0. What was declared"
                    + " is",
            "kept in the data directory, also when the process is killed.",
            "",
            "Examples:",
            "  weft up examples/faas",
            "  weft up --access-log json --access-log-when error --access-log-when sample=0.01",
            "  weft up --trace-to http://127.0.0.1:4318 --trace-share 0.1",
            "  weft up --data /tmp/second --http-port 9080 --https-port 9443 --api-port 9444 --console-port 9070"
        })
final class Up implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "PATH", description = "Files and folders of YAML.")
    private List<Path> paths = List.of();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".weft",
            description = "The data directory (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".weft");

    @Option(names = "--http-port", paramLabel = "PORT", defaultValue = "8080", description = "Edge, clear text (8080).")
    private int httpPort;

    @Option(names = "--https-port", paramLabel = "PORT", defaultValue = "8443", description = "Edge, TLS (8443).")
    private int httpsPort;

    @Option(names = "--api-port", paramLabel = "PORT", defaultValue = "7443", description = "The API (7443).")
    private int apiPort;

    @Option(names = "--console-port", paramLabel = "PORT", defaultValue = "7070", description = "The console (7070).")
    private int consolePort;

    @Option(
            names = "--pods",
            paramLabel = "MODE",
            defaultValue = "${env:WEFT_PODS:-auto}",
            description = {
                "How pods are connected: namespaces (each has a network to itself; Linux), loopback (all share the",
                "host's), auto (as this machine allows). WEFT_PODS sets the default (${DEFAULT-VALUE})."
            })
    private PodsMode pods = PodsMode.AUTO;

    @Option(
            names = "--spares",
            paramLabel = "NUMBER",
            defaultValue = "${env:WEFT_SPARES:-2}",
            description = {
                "JVMs that are parked for functions at most, within a sixteenth of the memory; 0 for none.",
                "WEFT_SPARES sets the default (${DEFAULT-VALUE})."
            })
    private int spares;

    @Mixin
    private final ObservingOption observing = new ObservingOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw Refusal.impossible("there is no file or folder " + path);
            }
        }
        if (spares < 0) {
            throw Refusal.impossible("--spares " + spares + " (expected: 0 or more)");
        }
        Settings settings = new Settings(
                Home.path(),
                data,
                paths,
                httpPort,
                httpsPort,
                apiPort,
                consolePort,
                observing.configured(),
                pods,
                spares);
        Platform platform = Platform.start(settings, line -> {
            out.println(line);
            out.flush();
        });
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(platform, out)));
        platform.announce();
        new CountDownLatch(1).await(); // until a signal
        return 0;
    }

    /** Runs in the JVM's shutdown; halting from there is how a signal ends in exit code 0. */
    private static void stop(Platform platform, PrintWriter out) {
        out.println("weft: stopping");
        out.flush();
        int code = platform.stop() ? 0 : 1;
        out.println(code == 0 ? "weft: stopped" : "weft: stopped, but not everything ended well; see above");
        out.flush();
        Runtime.getRuntime().halt(code);
    }
}
