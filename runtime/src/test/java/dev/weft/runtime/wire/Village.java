package dev.weft.runtime.wire;

import dev.weft.resources.Change;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import dev.weft.runtime.names.ClusterNames;
import dev.weft.runtime.namespace.Maker;
import dev.weft.runtime.namespace.PodNamespace;
import dev.weft.runtime.process.RunningProcess;
import dev.weft.runtime.process.Spawner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Pods in networks of their own, and nothing else of a platform; closes it all. */
final class Village implements AutoCloseable {

    final MemoryStore store = new MemoryStore();
    final ClusterNames names = new ClusterNames(store, List::of);
    final NamespaceWire wire;
    private final Spawner spawner;
    private final Path folder;
    private final Deque<PodWire> pods = new ArrayDeque<>();
    private final List<RunningProcess> running = new ArrayList<>();

    Village(Path folder) throws IOException {
        this(folder, Maker.start());
    }

    Village(Path folder, Maker maker) throws IOException {
        this.folder = folder;
        this.spawner = new Spawner(folder.resolve("processes"));
        this.wire = new NamespaceWire(spawner, maker, names, folder, 4143, RandomGenerator.getDefault());
    }

    PodWire pod(String name, int... ports) throws IOException {
        List<DeclaredPort> declared = new ArrayList<>();
        for (int port : ports) {
            declared.add(new DeclaredPort("", port));
        }
        PodWire pod = wire.connect("shop", name, declared);
        pods.push(pod);
        return pod;
    }

    PodNamespace network(String pod) {
        return wire.network("shop/" + pod).orElseThrow();
    }

    RunningProcess start(PodWire pod, String... command) throws IOException {
        Map<String, String> environment = Map.of("PATH", System.getenv("PATH"), "HOME", "/nowhere");
        RunningProcess process = pod.start(List.of(command), environment, folder, () -> {});
        running.add(process);
        return process;
    }

    /** What a shell command prints inside a pod, both streams. */
    String output(PodWire pod, String script) throws IOException {
        RunningProcess process = start(pod, "sh", "-c", script);
        String text = new String(process.output().readAllBytes(), StandardCharsets.UTF_8);
        process.exit().join();
        return text.strip();
    }

    /** A Service of the namespace {@code shop}, its specification with single quotes. */
    void service(String name, String spec) {
        Kind kind = Kinds.SERVICE;
        ObjectNode node = (ObjectNode) JsonMapper.shared()
                .readTree("{'metadata': {'name': '%s', 'namespace': 'shop'}, 'spec': %s}"
                        .formatted(name, spec)
                        .replace('\'', '"'));
        node.put("apiVersion", kind.apiVersion());
        node.put("kind", kind.kind());
        store.apply(new Resource(kind, node));
    }

    /** The namespace {@code shop} gets this annotation. */
    void egress(String policy) {
        Kind kind = Kinds.NAMESPACE;
        ObjectNode node = (ObjectNode) JsonMapper.shared()
                .readTree("{'metadata': {'name': 'shop', 'annotations': {'%s': '%s'}}}"
                        .formatted(ClusterNames.EGRESS, policy)
                        .replace('\'', '"'));
        node.put("apiVersion", kind.apiVersion());
        node.put("kind", kind.kind());
        names.namespaceChanged(new Change(Change.Type.ADDED, new Resource(kind, node)));
    }

    @Override
    public void close() {
        running.forEach(RunningProcess::kill);
        running.forEach(process -> process.exit().join());
        pods.forEach(PodWire::close);
        wire.close();
        spawner.close();
    }
}
