package dev.weft.cli.client;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The CustomResourceDefinitions of a running platform. */
public final class Definitions {

    private static final String PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final Duration SERVED_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private Definitions() {}

    public static List<Resource> of(ApiClient client) {
        List<Resource> definitions = new ArrayList<>();
        for (JsonNode item : client.get(PATH).path("items")) {
            if (item instanceof ObjectNode json) {
                definitions.add(new Resource(Kinds.CUSTOM_RESOURCE_DEFINITION, json));
            }
        }
        return definitions;
    }

    /** Waits until a kind is served, or ten seconds: then whatever is of it is refused with the reason. */
    public static void awaitServed(ApiClient client, String name) {
        long end = System.nanoTime() + SERVED_WITHIN.toNanos();
        while (!isServed(client.find(PATH + "/" + name)) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    private static boolean isServed(JsonNode definition) {
        return definition
                .at("/status/conditions")
                .valueStream()
                .anyMatch(it -> it.path("type").asString("").equals("Established")
                        && it.path("status").asString("").equals("True"));
    }
}
