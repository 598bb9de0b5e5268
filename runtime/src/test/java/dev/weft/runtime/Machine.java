package dev.weft.runtime;

import dev.weft.model.workload.Instance;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import dev.weft.runtime.logs.LogLine;
import dev.weft.runtime.logs.LogQuery;
import dev.weft.runtime.logs.LogReader;
import dev.weft.runtime.namespace.Maker;
import dev.weft.runtime.volume.AccountTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A runtime over a store in memory, and the words in which its tests speak. */
final class Machine implements AutoCloseable {

    private static final AccountTokens TOKENS = new AccountTokens() {
        @Override
        public Optional<String> token(String namespace, String account, Duration validity) {
            return Optional.of("token of " + namespace + "/" + account);
        }

        @Override
        public String authority() {
            return "the authority";
        }
    };

    final MemoryStore store = new MemoryStore();
    final LocalRuntime runtime;

    Machine(Path folder) {
        this(folder, Optional.empty());
    }

    private Machine(Path folder, Optional<Maker> maker) {
        this(RuntimeOptions.in(folder).withSpares(0), maker);
    }

    /** @param root where the files begin that tell what the kernel offers */
    Machine(Path folder, Path root) {
        this(RuntimeOptions.in(folder).withSpares(0).on(root), Optional.empty());
    }

    private Machine(RuntimeOptions options, Optional<Maker> maker) {
        this.runtime = new LocalRuntime(store, options, maker, _ -> 0, TOKENS);
    }

    /** One whose pods have networks of their own; see {@link dev.weft.runtime.namespace.NamespaceProbe}. */
    static Machine withNetworks(Path folder) throws IOException {
        return new Machine(folder, Optional.of(Maker.start()));
    }

    /** One with so many JVMs parked for functions at most. */
    static Machine withSpares(Path folder, boolean networks, int spares) throws IOException {
        Optional<Maker> maker = networks ? Optional.of(Maker.start()) : Optional.empty();
        return new Machine(RuntimeOptions.in(folder).withSpares(spares), maker);
    }

    /** Applies one resource, written as JSON with single quotes. */
    Resource apply(Kind kind, String json) {
        ObjectNode node = (ObjectNode) JsonMapper.shared().readTree(json.replace('\'', '"'));
        node.put("apiVersion", kind.apiVersion());
        node.put("kind", kind.kind());
        if (kind.namespaced() && !node.at("/metadata").has("namespace")) {
            node.withObject("/metadata").put("namespace", "default");
        }
        return store.apply(new Resource(kind, node));
    }

    void image(String name, String... command) {
        String words = "'" + String.join("', '", command) + "'";
        apply(Kinds.LOCAL_IMAGE, "{'metadata': {'name': '" + name + "'}, 'spec': {'command': [" + words + "]}}");
    }

    /** A Deployment of one container with some more of its fields, such as {@code 'ports': [...]}. */
    Resource deployment(String name, int replicas, String image, String more) {
        return apply(
                Kinds.DEPLOYMENT, """
                {'metadata': {'name': '%s'}, 'spec': {'replicas': %d, 'selector': {'matchLabels': {'app': '%s'}},
                 'template': {'metadata': {'labels': {'app': '%s'}}, 'spec': {'terminationGracePeriodSeconds': 5,
                  'containers': [{'name': 'main', 'image': '%s'%s}]}}}}
                """.formatted(name, replicas, name, name, image, more.isEmpty() ? "" : ", " + more));
    }

    List<Resource> pods() {
        return store.list(Kinds.POD);
    }

    List<Instance> ready() {
        return runtime.instances().stream().filter(Instance::ready).toList();
    }

    JsonNode container(Resource pod) {
        return store.get(pod.key())
                .map(found -> found.at("/status/containerStatuses/0"))
                .orElseThrow();
    }

    /** The reason for which the first pod waits, empty while there is none. */
    String waitingReason() {
        return pods().isEmpty()
                ? ""
                : container(pods().getFirst()).at("/state/waiting/reason").asString("");
    }

    List<String> log(Resource pod, LogQuery query) throws IOException, InterruptedException {
        Optional<LogReader> opened = runtime.logs().read(pod.namespace(), pod.name(), query);
        List<String> lines = new ArrayList<>();
        if (opened.isPresent()) {
            try (LogReader reader = opened.get()) {
                for (Optional<LogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
                    lines.add(line.get().text());
                }
            }
        }
        return lines;
    }

    Resource get(Key key) {
        return store.get(key).orElseThrow();
    }

    /** Waits for a condition, with a deadline; tells what was waited for when it does not come. */
    static void await(String what, Supplier<Boolean> condition) {
        Eventually.holds(what, condition::get);
    }

    @Override
    public void close() {
        runtime.close();
    }
}
