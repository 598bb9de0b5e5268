package dev.weft.apiserver.rest;

import dev.weft.apiserver.store.Changes;
import dev.weft.apiserver.store.GoneException;
import dev.weft.apiserver.store.Listing;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.apiserver.store.Step;
import dev.weft.apiserver.stream.EventSocket;
import dev.weft.resources.Change;
import dev.weft.resources.Resource;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers watches: a JSON document for each change, as it happens. A watch without a resourceVersion, or with "0", begins
 * with what there is. Each watch reads the store's history at its own pace; one that falls behind what is kept gets a
 * 410 and ends. A client that asks for a WebSocket gets each of them as a message of its own.
 */
final class Watches {

    /** How long a watch lasts when the client does not say. */
    private static final Duration LASTS = Duration.ofMinutes(30);

    /** Whatever the client says. */
    private static final long LASTS_SECONDS_MAX = Duration.ofDays(1).toSeconds();

    private static final Duration BOOKMARK_EVERY = Duration.ofSeconds(60);
    private static final Duration LOOK_UP_EVERY = Duration.ofSeconds(1);

    private final SqliteStore store;
    private final Reads reads;
    private final InstantSource clock;
    private final BooleanSupplier closing;

    Watches(SqliteStore store, Reads reads, InstantSource clock, BooleanSupplier closing) {
        this.store = store;
        this.reads = reads;
        this.clock = clock;
        this.closing = closing;
    }

    void watch(Exchange exchange, Target target) throws IOException, InterruptedException {
        Predicate<Resource> inNamespace =
                resource -> target.namespace().isEmpty() || resource.namespace().equals(target.namespace());
        Predicate<Resource> named =
                resource -> target.name().isEmpty() || resource.name().equals(target.name());
        Predicate<Resource> selector = Selector.of(exchange, target);
        Watch watch = new Watch(
                exchange,
                target,
                inNamespace.and(named).and(selector),
                Form.of(exchange),
                exchange.flag("allowWatchBookmarks"));
        long since = Reads.resourceVersion(exchange.query("resourceVersion"));
        boolean initial = exchange.flag("sendInitialEvents");
        Duration lasts = exchange.number("timeoutSeconds")
                .map(seconds -> Duration.ofSeconds(Math.min(seconds, LASTS_SECONDS_MAX)))
                .orElse(LASTS);

        if (exchange.wantsWebSocket()) {
            exchange.upgradeToWebSocket(
                    Optional.empty(),
                    (in, out) -> EventSocket.serve(in, out, socket -> {
                        try {
                            watch.run(new Messages(socket), since, initial, lasts);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }),
                    () -> {});
            return;
        }
        try (OutputStream out = exchange.stream("application/json")) {
            watch.run(new Lines(out), since, initial, lasts);
        }
        exchange.finish();
    }

    /** Where the events of one watch go. */
    private sealed interface Sink {

        boolean isOpen();

        void send(byte[] event) throws IOException;

        /** Lets the client see what was sent. */
        void flush() throws IOException;
    }

    private record Lines(OutputStream out) implements Sink {

        @Override
        public boolean isOpen() {
            return true; // until a write fails
        }

        @Override
        public void send(byte[] event) throws IOException {
            out.write(event);
            out.write('\n');
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }

    private record Messages(EventSocket socket) implements Sink {

        @Override
        public boolean isOpen() {
            return socket.isOpen();
        }

        @Override
        public void send(byte[] event) throws IOException {
            socket.send(event);
        }

        @Override
        public void flush() {
            // a message goes at once
        }
    }

    private final class Watch {
        private final Exchange exchange;
        private final Target target;
        private final Predicate<Resource> selector;
        private final Form form;
        private final boolean bookmarks;
        private boolean header = true;

        Watch(Exchange exchange, Target target, Predicate<Resource> selector, Form form, boolean bookmarks) {
            this.exchange = exchange;
            this.target = target;
            this.selector = selector;
            this.form = form;
            this.bookmarks = bookmarks;
        }

        void run(Sink out, long since, boolean initial, Duration lasts) throws IOException, InterruptedException {
            long from = since;
            if (since == 0 || initial) {
                from = begin(out, initial);
            } else {
                out.flush();
            }
            follow(out, from, clock.instant().plus(lasts));
        }

        /** Sends what there is; the version to go on from. */
        private long begin(Sink out, boolean marked) throws IOException {
            Listing listing = store.list(target.kind().kind(), target.namespace());
            for (Resource resource : listing.resources()) {
                if (selector.test(resource)) {
                    send(out, "ADDED", resource);
                }
            }
            if (marked && bookmarks) {
                bookmark(out, listing.version(), true);
            }
            out.flush();
            return listing.version();
        }

        private void follow(Sink out, long since, Instant end) throws IOException, InterruptedException {
            long version = since;
            Instant bookmarkDue = clock.instant().plus(BOOKMARK_EVERY);
            while (!closing.getAsBoolean() && out.isOpen() && clock.instant().isBefore(end)) {
                Changes changes;
                try {
                    changes = store.changesAfter(target.kind().kind(), version, wait(end));
                } catch (GoneException e) {
                    event(out, "ERROR", ApiException.of(e).status());
                    out.flush();
                    return;
                }
                version = changes.version();
                for (Step step : changes.steps()) {
                    send(out, step);
                }
                if (bookmarks && clock.instant().isAfter(bookmarkDue)) {
                    bookmark(out, version, false);
                    bookmarkDue = clock.instant().plus(BOOKMARK_EVERY);
                }
                out.flush();
            }
        }

        private Duration wait(Instant end) {
            Duration left = Duration.between(clock.instant(), end);
            return left.compareTo(LOOK_UP_EVERY) < 0 ? left : LOOK_UP_EVERY;
        }

        /** What leaves the selector's view is deleted for this watch, what comes into it is added. */
        private void send(Sink out, Step step) throws IOException {
            Resource now = step.change().resource();
            boolean was = step.before().filter(selector).isPresent();
            boolean is = step.change().type() != Change.Type.DELETED && selector.test(now);
            if (is) {
                send(out, was ? "MODIFIED" : "ADDED", now);
            } else if (was) {
                send(out, "DELETED", now);
            }
        }

        private void send(Sink out, String type, Resource resource) throws IOException {
            event(out, type, reads.document(exchange, form, target, resource, header));
            header = false;
        }

        private void bookmark(Sink out, long version, boolean initialEventsEnd) throws IOException {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            if (form == Form.TABLE) {
                object.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
            } else {
                object.put("kind", target.kind().kind().kind());
                object.put("apiVersion", target.kind().apiVersion(target.version()));
            }
            ObjectNode metadata = object.putObject("metadata");
            metadata.put("resourceVersion", Long.toString(version));
            if (initialEventsEnd) {
                metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
            }
            event(out, "BOOKMARK", object);
        }

        private void event(Sink out, String type, ObjectNode object) throws IOException {
            ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
            event.set("object", object);
            out.send(Json.write(event));
        }
    }
}
