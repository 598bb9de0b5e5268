package dev.weft.cli.function;

import dev.weft.cli.client.ApiClient;
import dev.weft.cli.client.Refusal;
import dev.weft.cli.option.ApiOption;
import dev.weft.runtime.FunctionProgram;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Everything but the reading of keys happens on the main thread, one thing after the other. */
@Command(
        name = "dev",
        description = "Deploys a function again whenever its folder changes; r rolls back.",
        footer = {
            "",
            "A change becomes a new revision, which takes over when it is ready. One that does not compile is shown with",
            "its place, and what serves goes on. r goes back to the revision before, q ends; the function stays deployed.",
            "",
            "Examples:",
            "  weft dev hello",
            "  weft dev -n shop --data /tmp/second"
        })
public final class Dev implements Callable<Integer> {

    private static final int READY_SECONDS_MAX = 60;

    @Parameters(arity = "0..1", paramLabel = "DIR", defaultValue = ".", description = "The function's folder.")
    private Path folder = Path.of(".");

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            defaultValue = "",
            description = "The namespace (default: what func.yaml says, else default).")
    private String namespace = "";

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    private final LinkedBlockingQueue<Character> keys = new LinkedBlockingQueue<>();
    private final Deque<String> before = new ArrayDeque<>();
    private Optional<Build.Built> newest = Optional.empty();
    private String serves = "";

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        ApiClient client = api.client();
        Fingerprint fingerprint = new Fingerprint(folder.toAbsolutePath().normalize());
        String seen = fingerprint.take();
        attempt(client, out);
        out.println("  watching " + folder + "; r: roll back, q: quit");
        out.flush();
        Keys.read(keys::add);
        while (true) {
            Character key = keys.poll(100, TimeUnit.MILLISECONDS);
            if (key != null && key == 'q') {
                return 0;
            }
            if (key != null && key == 'r') {
                rollBack(client, out);
            }
            String now = fingerprint.take();
            if (!now.equals(seen)) {
                seen = fingerprint.settled(now);
                attempt(client, out);
            }
        }
    }

    /** What is wrong is said, and what serves goes on. */
    void attempt(ApiClient client, PrintWriter out) {
        PrintWriter err = spec.commandLine().getErr();
        long began = System.nanoTime();
        try {
            FuncYaml yaml = FuncYaml.read(folder.toAbsolutePath());
            yaml.remarks().forEach(err::println);
            Build.Built built = new Build(folder, yaml, FunctionProgram.interfaces()).run(err);
            Release release = release(client, yaml, out);
            JsonNode service = release.await(release.newest(built), READY_SECONDS_MAX);
            String revision = service.at("/status/latestReadyRevisionName").asString("");
            if (!serves.isEmpty() && !serves.equals(revision)) {
                before.push(serves);
            }
            serves = revision;
            newest = Optional.of(built);
            release.clean(built, folder);
            out.println(String.format(
                    Locale.ROOT,
                    "%s serves %s, %.1f s after the change",
                    revision,
                    service.at("/status/url").asString(""),
                    (System.nanoTime() - began) / 1e9));
        } catch (Refusal e) {
            err.println("weft: " + e.getMessage() + (serves.isEmpty() ? "" : "; " + serves + " goes on"));
            err.flush();
        }
        out.flush();
    }

    void rollBack(ApiClient client, PrintWriter out) {
        if (before.isEmpty() || newest.isEmpty()) {
            out.println("there is no revision before " + serves);
            out.flush();
            return;
        }
        try {
            FuncYaml yaml = FuncYaml.read(folder.toAbsolutePath());
            Release release = release(client, yaml, out);
            String revision = before.element();
            release.await(release.older(newest.get(), revision), READY_SECONDS_MAX);
            before.pop(); // one that does not start can be asked for again
            serves = revision;
            out.println("rolled back: " + revision + " serves until the next change");
        } catch (Refusal e) {
            out.println("weft: " + e.getMessage());
        }
        out.flush();
    }

    private Release release(ApiClient client, FuncYaml yaml, PrintWriter out) {
        String chosen = yaml.namespace(namespace);
        Documents documents =
                new Documents(yaml, chosen, name -> System.getenv().getOrDefault(name, ""));
        return new Release(client, out, documents, chosen, yaml.name());
    }

    /** The keyboard, a key at a time where it is a terminal's. */
    private static final class Keys {

        private Keys() {}

        static void read(Consumer<Character> keys) {
            if (terminal() && stty("-icanon", "-echo", "min", "1")) {
                Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> stty("icanon", "echo")));
            }
            Thread.ofPlatform().daemon().name("keys").start(() -> {
                try {
                    for (int key = System.in.read(); key >= 0; key = System.in.read()) {
                        keys.accept((char) key);
                    }
                } catch (IOException e) {
                    System.err.println("the keyboard is gone: " + e.getMessage());
                }
            });
        }

        private static boolean terminal() {
            return Optional.ofNullable(System.console())
                    .filter(Console::isTerminal)
                    .isPresent();
        }

        private static boolean stty(String... words) {
            try {
                return new ProcessBuilder("sh", "-c", "stty " + String.join(" ", words) + " </dev/tty")
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException e) {
                return false; // keys come with the next line end
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
