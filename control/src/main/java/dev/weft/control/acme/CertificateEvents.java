package dev.weft.control.acme;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Writes Events about Hosts; the same of the same Host counts up. */
final class CertificateEvents {

    private final ResourceStore store;
    private final InstantSource clock;

    CertificateEvents(ResourceStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    void write(Key host, boolean good, String reason, String message) {
        Optional<Resource> about = store.get(host);
        if (about.isEmpty()) {
            return;
        }
        String uid = about.get().uid();
        Key key = Kinds.EVENT.key(host.namespace(), host.name() + "." + Integer.toHexString((uid + reason).hashCode()));
        Optional<Resource> before = store.get(key);
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode json = Resource.of(key).edit();
        ObjectNode involved = json.putObject("involvedObject");
        involved.put("apiVersion", host.kind().apiVersion());
        involved.put("kind", host.kind().kind());
        involved.put("namespace", host.namespace());
        involved.put("name", host.name());
        involved.put("uid", uid);
        json.put("type", good ? "Normal" : "Warning");
        json.put("reason", reason);
        json.put("message", message);
        json.putObject("source").put("component", "weft-certificates");
        json.put(
                "firstTimestamp",
                before.map(event -> event.at("/firstTimestamp").asString(now)).orElse(now));
        json.put("lastTimestamp", now);
        json.put("count", before.map(event -> event.at("/count").asInt(0)).orElse(0) + 1);
        store.apply(new Resource(Kinds.EVENT, json));
    }
}
