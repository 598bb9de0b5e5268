package dev.weft.apiserver.rest;

import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.kinds.Tables;
import dev.weft.apiserver.store.GoneException;
import dev.weft.apiserver.store.Listing;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.resources.Resource;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Answers get and list. */
final class Reads {

    private final SqliteStore store;
    private final InstantSource clock;

    Reads(SqliteStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    void get(Exchange exchange, Target target) {
        Resource resource =
                store.get(target.key()).orElseThrow(() -> ApiException.notFound(target.kind(), target.name()));
        answer(exchange, 200, target, resource);
    }

    /** Answers with one resource in the form that the client wants. */
    void answer(Exchange exchange, int status, Target target, Resource resource) {
        exchange.answer(status, document(exchange, Form.of(exchange), target, resource, true));
    }

    /** @param header whether a table names its columns */
    ObjectNode document(Exchange exchange, Form form, Target target, Resource resource, boolean header) {
        return switch (form) {
            case DOCUMENT -> Tables.in(target.kind(), resource, target.version());
            case METADATA -> Tables.metadata(resource);
            case TABLE -> {
                ObjectNode table = table(exchange, target, List.of(resource), header);
                table.withObject("/metadata").put("resourceVersion", resource.resourceVersion());
                yield table;
            }
        };
    }

    void list(Exchange exchange, Target target) {
        Page asked = Page.of(exchange);
        list(exchange, target, asked, listing(target, asked));
    }

    /** Answers from these, of a kind that is not stored. */
    void figures(Exchange exchange, Target target, List<Resource> made) {
        if (target.isCollection()) {
            list(exchange, target, Page.of(exchange), new Listing(made, store.version()));
            return;
        }
        Resource one = made.stream()
                .filter(each -> each.name().equals(target.name()))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound(target.kind(), target.name()));
        answer(exchange, 200, target, one);
    }

    private void list(Exchange exchange, Target target, Page asked, Listing listing) {
        Predicate<Resource> selector = Selector.of(exchange, target);
        List<Resource> rest = listing.resources().stream()
                .filter(selector)
                .filter(resource -> place(resource).compareTo(asked.after()) > 0)
                .toList();
        boolean whole = asked.limit() <= 0 || rest.size() <= asked.limit();
        List<Resource> page = whole ? rest : rest.subList(0, Math.toIntExact(asked.limit()));

        ObjectNode document = collection(exchange, target, page);
        ObjectNode metadata = document.withObject("/metadata");
        metadata.put("resourceVersion", Long.toString(listing.version()));
        if (!whole) {
            metadata.put("continue", Page.token(listing.version(), place(page.getLast())));
            metadata.put("remainingItemCount", rest.size() - page.size());
        }
        exchange.answer(200, document);
    }

    private Listing listing(Target target, Page asked) {
        try {
            return asked.exact()
                    ? store.listAt(target.kind().kind(), target.namespace(), upToNow(asked.version()))
                    : atLeast(asked.version(), store.list(target.kind().kind(), target.namespace()));
        } catch (GoneException e) {
            if (asked.after().isEmpty()) {
                throw e;
            }
            throw ApiException.expired("The provided continue parameter is too old to display a consistent list result."
                    + " You must start a new list without the continue parameter.");
        }
    }

    private long upToNow(long version) {
        long now = store.version();
        if (version > now) {
            throw ApiException.versionTooLarge(version, now);
        }
        return version;
    }

    private static Listing atLeast(long version, Listing listing) {
        if (version > listing.version()) {
            throw ApiException.versionTooLarge(version, listing.version());
        }
        return listing;
    }

    private ObjectNode collection(Exchange exchange, Target target, List<Resource> page) {
        Form form = Form.of(exchange);
        if (form == Form.TABLE) {
            return table(exchange, target, page, true);
        }
        ServedKind kind = target.kind();
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        if (form == Form.METADATA) {
            list.put("kind", "PartialObjectMetadataList").put("apiVersion", "meta.k8s.io/v1");
        } else {
            list.put("kind", kind.kind().kind() + "List").put("apiVersion", kind.apiVersion(target.version()));
        }
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        page.forEach(resource -> items.add(
                form == Form.METADATA ? Tables.metadata(resource) : Tables.in(kind, resource, target.version())));
        return list;
    }

    private ObjectNode table(Exchange exchange, Target target, List<Resource> resources, boolean header) {
        return Tables.of(target.kind(), resources, target.version(), Form.include(exchange), header, clock.instant());
    }

    /** @throws ApiException with 400 when it is no number */
    static long resourceVersion(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw ApiException.badRequest("resourceVersion: \"" + text + "\" is not one of ours");
        }
        return Long.parseLong(text);
    }

    private static String place(Resource resource) {
        return resource.namespace() + '\0' + resource.name();
    }
}
