package dev.weft.cli.platform;

import dev.weft.apiserver.figures.UsageFigures;
import dev.weft.apiserver.stream.PodAccess;
import dev.weft.runtime.LocalRuntime;
import dev.weft.runtime.node.Usage;
import dev.weft.runtime.process.Execution;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Introduces what runs in pods, and what it uses, to the API. */
record RuntimePods(LocalRuntime runtime) implements PodAccess, UsageFigures {

    private record Command(Execution execution) implements Running {

        @Override
        public OutputStream input() {
            return execution.input();
        }

        @Override
        public InputStream output() {
            return execution.output();
        }

        @Override
        public InputStream errors() {
            return execution.errors();
        }

        @Override
        public void resize(int columns, int rows) throws IOException {
            execution.resize(columns, rows);
        }

        @Override
        public CompletableFuture<Integer> exit() {
            return execution.exit();
        }

        @Override
        public void close() {
            execution.close();
        }
    }

    @Override
    public Running execute(String namespace, String pod, String container, List<String> command, boolean terminal)
            throws IOException {
        return new Command(runtime.execute(namespace, pod, container, command, terminal));
    }

    @Override
    public Socket connect(String namespace, String pod, int port) throws IOException {
        return runtime.connect(namespace, pod, port);
    }

    @Override
    public List<OfPod> pods() {
        return runtime.podUsage().stream().map(RuntimePods::pod).toList();
    }

    @Override
    public Optional<OfNode> node() {
        return runtime.nodeUsage()
                .map(node ->
                        new OfNode(node.name(), node.time(), node.window(), new Use(node.nanocores(), node.bytes())));
    }

    private static OfPod pod(Usage.OfPod pod) {
        return new OfPod(
                pod.pod().namespace(),
                pod.pod().name(),
                pod.time(),
                pod.window(),
                pod.containers().stream()
                        .map(each -> new OfContainer(each.name(), new Use(each.nanocores(), each.bytes())))
                        .toList());
    }
}
