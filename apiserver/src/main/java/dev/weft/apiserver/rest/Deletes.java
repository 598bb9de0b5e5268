package dev.weft.apiserver.rest;

import dev.weft.apiserver.admission.Disruptions;
import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.kinds.Tables;
import dev.weft.apiserver.store.Deletion;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.resources.Resource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Answers delete and deletecollection. */
final class Deletes {

    private final SqliteStore store;
    private final Gates gates;
    private final Disruptions disruptions;

    Deletes(SqliteStore store, Gates gates) {
        this.disruptions = new Disruptions(store);
        this.store = store;
        this.gates = gates;
    }

    void delete(Exchange exchange, Target target) {
        Options options = Options.of(exchange);
        Resource old = store.get(target.key()).orElseThrow(() -> ApiException.notFound(target.kind(), target.name()));
        gates.judge(exchange, target, Optional.of(old), Optional.empty());
        Optional<Resource> left = store.delete(target.key(), options.deletion(), options.dryRun());
        if (left.isPresent()) {
            exchange.answer(200, Tables.in(target.kind(), left.get(), target.version()));
            return;
        }
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", "Success");
        ObjectNode details = status.putObject("details").put("name", target.name());
        if (!target.kind().kind().group().isEmpty()) {
            details.put("group", target.kind().kind().group());
        }
        details.put("kind", target.kind().kind().plural()).put("uid", old.uid());
        exchange.answer(200, status);
    }

    /** Answers {@code pods/NAME/eviction}: deletes the pod, unless a PodDisruptionBudget keeps it from going. */
    void evict(Exchange exchange, Target target) {
        Resource pod = store.get(target.key()).orElseThrow(() -> ApiException.notFound(target.kind(), target.name()));
        ObjectNode eviction = Writes.body(exchange);
        String named = eviction.at("/metadata/name").asString(target.name());
        if (!eviction.path("kind").asString("Eviction").equals("Eviction") || !named.equals(target.name())) {
            throw ApiException.badRequest("the body is " + eviction.path("kind") + " " + named + " (expected: Eviction "
                    + target.name() + ")");
        }
        Options options = Options.in(eviction.path("deleteOptions"), exchange);
        gates.judge(exchange, target, Optional.of(pod), Optional.empty());
        Optional<Disruptions.Refusal> refusal =
                disruptions.evict(pod, () -> store.delete(target.key(), options.deletion(), options.dryRun()));
        if (refusal.isPresent()) {
            throw ApiException.of(refusal.get());
        }
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        exchange.answer(201, status.put("status", "Success").put("code", 201));
    }

    void deleteCollection(Exchange exchange, Target target) {
        Options options = Options.of(exchange);
        ServedKind kind = target.kind();
        Predicate<Resource> selector = Selector.of(exchange, target);
        List<Resource> gone = store.list(kind.kind(), target.namespace()).resources().stream()
                .filter(selector)
                .toList();
        gone.forEach(resource -> {
            gates.judge(exchange, target, Optional.of(resource), Optional.empty());
            store.delete(resource.key(), options.deletion(), options.dryRun());
        });

        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", kind.kind().kind() + "List").put("apiVersion", kind.apiVersion(target.version()));
        list.putObject("metadata").put("resourceVersion", Long.toString(store.version()));
        ArrayNode items = list.putArray("items");
        gone.forEach(resource -> items.add(Tables.in(kind, resource, target.version())));
        exchange.answer(200, list);
    }

    /** {@code DeleteOptions}, from the body or the query. */
    private record Options(Deletion deletion, boolean dryRun) {

        static Options of(Exchange exchange) {
            byte[] body = exchange.body();
            return in(
                    body.length == 0 ? JsonNodeFactory.instance.objectNode() : Json.object(Json.read(body)), exchange);
        }

        static Options in(JsonNode given, Exchange exchange) {
            String propagation = given.path("propagationPolicy").asString(exchange.query("propagationPolicy"));
            boolean orphan = given.path("orphanDependents").asBoolean(exchange.flag("orphanDependents"));
            Deletion deletion = new Deletion(
                    given.at("/preconditions/uid").asString(""),
                    given.at("/preconditions/resourceVersion").asString(""),
                    propagation(propagation, orphan));
            boolean dryRun = given.path("dryRun")
                    .valueStream()
                    .anyMatch(it -> it.asString("").equals("All"));
            return new Options(deletion, dryRun || exchange.dryRun());
        }

        private static Deletion.Propagation propagation(String word, boolean orphan) {
            return switch (word) {
                case "" -> orphan ? Deletion.Propagation.ORPHAN : Deletion.Propagation.BACKGROUND;
                case "Background" -> Deletion.Propagation.BACKGROUND;
                case "Foreground" -> Deletion.Propagation.FOREGROUND;
                case "Orphan" -> Deletion.Propagation.ORPHAN;
                default ->
                    throw ApiException.badRequest(
                            "propagationPolicy: \"" + word + "\" (expected: Background, Foreground or Orphan)");
            };
        }
    }
}
