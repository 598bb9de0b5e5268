package dev.weft.control.compile;

import dev.weft.control.declared.AnnotationValues;
import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.policy.ClientLimits;
import dev.weft.model.policy.HeadLimits;
import dev.weft.model.policy.Http2Frames;
import dev.weft.model.policy.Http2Limits;
import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.StrictTransport;
import dev.weft.resources.Kinds;
import dev.weft.resources.emissary.CorsPolicy;
import dev.weft.resources.emissary.EdgeModule;
import dev.weft.resources.emissary.Mapping;
import dev.weft.resources.emissary.MappingDefaults;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the Module named {@code ambassador} says of the whole edge; the oldest where there are several. */
final class EdgeModules {

    private static final String BODY = "limit.weft.dev/body-bytes";
    private static final String CONNECTIONS = "limit.weft.dev/connections";
    private static final String PER_LISTENER = "limit.weft.dev/connections-per-listener";
    private static final String PER_ADDRESS = "limit.weft.dev/connections-per-address";
    private static final String HANDSHAKE = "timeout.weft.dev/tls-handshake";
    private static final String HEAP_CACHES = "limit.weft.dev/heap-percent-caches";
    private static final String HEAP_REQUESTS = "limit.weft.dev/heap-percent-requests";
    private static final String HEAD = "timeout.weft.dev/request-head";
    private static final String BODY_GAP = "timeout.weft.dev/request-body-gap";
    private static final String BODY_RATE = "limit.weft.dev/body-bytes-per-second";
    private static final String FIELDS = "limit.weft.dev/header-fields";
    private static final String TARGET = "limit.weft.dev/target-bytes";
    private static final String EXTENSIONS = "limit.weft.dev/chunk-extension-bytes";
    private static final String TRAILERS = "limit.weft.dev/trailer-bytes";
    private static final String QUEUED = "limit.weft.dev/answer-buffer-bytes";
    private static final String REQUESTS = "limit.weft.dev/requests-per-connection";
    private static final String STREAMS = "limit.weft.dev/http2-streams";
    private static final String STREAM_WINDOW = "limit.weft.dev/http2-stream-window-bytes";
    private static final String CONNECTION_WINDOW = "limit.weft.dev/http2-connection-window-bytes";
    private static final String HEADER_TABLE = "limit.weft.dev/http2-header-table-bytes";
    private static final String RESETS = "limit.weft.dev/http2-resets";
    private static final String FRAME_BYTES = "limit.weft.dev/http2-frame-bytes";
    private static final String CONTINUATIONS = "limit.weft.dev/http2-continuations";
    private static final String EMPTY_FRAMES = "limit.weft.dev/http2-empty-frames";
    private static final String PRIORITIES = "limit.weft.dev/http2-priorities-per-stream";
    private static final String WINDOW_UPDATES = "limit.weft.dev/http2-window-updates-per-data";
    private static final String ANSWERS_QUEUED = "limit.weft.dev/http2-answers-queued";
    private static final String FRAMES_QUEUED = "limit.weft.dev/http2-frames-queued";
    private static final String CONTROL_FRAMES = "limit.weft.dev/http2-control-frames-per-second";
    private static final String MESH_BYTES = "limit.weft.dev/mesh-head-bytes";
    private static final String MESH_TARGET = "limit.weft.dev/mesh-target-bytes";
    private static final String MESH_FIELDS = "limit.weft.dev/mesh-header-fields";
    private static final List<String> KNOWN = List.of(
            CONNECTIONS,
            PER_LISTENER,
            PER_ADDRESS,
            HANDSHAKE,
            HEAP_CACHES,
            HEAP_REQUESTS,
            HEAD,
            BODY_GAP,
            BODY_RATE,
            FIELDS,
            TARGET,
            EXTENSIONS,
            TRAILERS,
            QUEUED,
            REQUESTS,
            STREAMS,
            STREAM_WINDOW,
            CONNECTION_WINDOW,
            HEADER_TABLE,
            RESETS,
            FRAME_BYTES,
            CONTINUATIONS,
            EMPTY_FRAMES,
            PRIORITIES,
            WINDOW_UPDATES,
            ANSWERS_QUEUED,
            FRAMES_QUEUED,
            CONTROL_FRAMES,
            MESH_BYTES,
            MESH_TARGET,
            MESH_FIELDS);
    private static final int MANY = 1_000_000;

    /** What a proxy reads of a head at all, whatever the edge allows. */
    private static final int TARGET_MOST = 16 * 1024;

    private static final int FIELDS_MOST = 250;

    private final Optional<EdgeModule> module;
    private final EdgeRules rules;
    private final Optional<HeadLimits> meshHeads;

    EdgeModules(Declarations declarations, Findings findings) {
        List<Declared<EdgeModule>> named = declarations.readable(Kinds.MODULE, EdgeModule.class).stream()
                .filter(declared -> declared.resource().name().equals(EdgeModule.NAME))
                .sorted(Declared.OLDEST_FIRST)
                .toList();
        named.stream()
                .skip(1)
                .forEach(other -> findings.error(
                        other.key(),
                        "",
                        "Conflict",
                        named.getFirst().key() + " is older and speaks for the edge already.",
                        "Delete one of the two."));
        this.module = named.stream().findFirst().flatMap(Declared::value);
        this.rules = named.stream()
                .findFirst()
                .map(declared -> rules(declared, findings))
                .orElse(EdgeRules.DEFAULT);
        this.meshHeads = named.stream()
                .findFirst()
                .filter(declared -> declared.value().isPresent())
                .map(declared -> meshHeads(new AnnotationValues(declared, findings)))
                .filter(limits -> !limits.equals(HeadLimits.DEFAULT));
    }

    /** What the Module says of heads within the mesh; empty for what is usual. */
    Optional<HeadLimits> meshHeads() {
        return meshHeads;
    }

    private static HeadLimits meshHeads(AnnotationValues values) {
        HeadLimits usual = HeadLimits.DEFAULT;
        return new HeadLimits(
                values.integer(MESH_BYTES, usual.bytesMax(), HeadLimits.BYTES_LEAST, HeadLimits.BYTES_MOST),
                values.integer(MESH_TARGET, usual.targetBytesMax(), HeadLimits.TARGET_LEAST, HeadLimits.TARGET_MOST),
                values.integer(MESH_FIELDS, usual.fieldsMax(), HeadLimits.FIELDS_LEAST, HeadLimits.FIELDS_MOST));
    }

    private static ClientLimits clients(EdgeModule module, AnnotationValues values) {
        ClientLimits usual = ClientLimits.DEFAULT;
        return new ClientLimits(
                module.bodyBytesMax(),
                connections(values, usual.connections()),
                patience(module, values, usual.patience()),
                new ClientLimits.Heap(
                        values.integer(HEAP_CACHES, usual.heap().cachesPercent(), 1, 100),
                        values.integer(HEAP_REQUESTS, usual.heap().requestsPercent(), 1, 100)),
                messages(values, usual.messages()),
                http2(module.resets(), values));
    }

    private static ClientLimits.Messages messages(AnnotationValues values, ClientLimits.Messages usual) {
        int partMost = ClientLimits.Messages.PART_MOST;
        return new ClientLimits.Messages(
                values.integer(EXTENSIONS, usual.extensionBytesMax(), 0, partMost),
                values.integer(TRAILERS, usual.trailerBytesMax(), ClientLimits.Messages.TRAILER_LEAST, partMost),
                values.integer(
                        QUEUED,
                        usual.queuedBytesMax(),
                        ClientLimits.Messages.QUEUED_LEAST,
                        ClientLimits.Messages.QUEUED_MOST),
                values.integer(REQUESTS, usual.requestsMax(), 0, MANY));
    }

    private static void noteHeap(Declared<EdgeModule> declared, ClientLimits.Heap heap, Findings findings) {
        boolean drops = heap.cachesPercent() < 100;
        if (drops && heap.requestsPercent() < heap.cachesPercent()) {
            findings.warning(
                    declared.key(),
                    "metadata.annotations." + HEAP_REQUESTS,
                    "WrongOrder",
                    "requests are refused from " + heap.requestsPercent()
                            + " % on, before what is kept for later is dropped (" + heap.cachesPercent() + " %).",
                    "Write a number that is no less than that of " + HEAP_CACHES + ".");
        }
    }

    private static ClientLimits.Connections connections(AnnotationValues values, ClientLimits.Connections usual) {
        return new ClientLimits.Connections(
                values.integer(CONNECTIONS, usual.max(), 1, MANY),
                values.integer(PER_LISTENER, usual.perListenerMax(), 1, MANY),
                values.integer(PER_ADDRESS, usual.perAddressMax(), 1, MANY));
    }

    private static ClientLimits.Patience patience(
            EdgeModule module, AnnotationValues values, ClientLimits.Patience usual) {
        return new ClientLimits.Patience(
                values.duration(HANDSHAKE).orElse(usual.handshake()),
                values.duration(HEAD).orElse(usual.head()),
                values.duration(BODY_GAP).orElse(usual.bodyGap()),
                values.integer(BODY_RATE, usual.bodyRateMin(), 0, MANY),
                module.idle().isZero() ? usual.idle() : module.idle());
    }

    private static Http2Limits http2(EdgeModule.Resets resets, AnnotationValues values) {
        Http2Limits usual = Http2Limits.DEFAULT;
        int flagged = resets.streams() == 0 ? usual.resetsMax() : resets.streams() / 2;
        return new Http2Limits(
                values.integer(STREAMS, usual.streamsMax(), 1, Http2Limits.STREAMS_MOST),
                window(STREAM_WINDOW, usual.streamWindowBytes(), values),
                window(CONNECTION_WINDOW, usual.connectionWindowBytes(), values),
                values.integer(HEADER_TABLE, usual.headerTableBytes(), 0, Http2Limits.HEADER_TABLE_MOST),
                values.integer(RESETS, flagged, 1, Http2Limits.RESETS_MOST),
                resets.withinSeconds() == 0 ? usual.resetWithin() : Duration.ofSeconds(resets.withinSeconds()),
                frames(values));
    }

    private static Http2Frames frames(AnnotationValues values) {
        Http2Frames usual = Http2Frames.DEFAULT;
        return new Http2Frames(
                values.integer(FRAME_BYTES, usual.bytesMax(), Http2Frames.BYTES_LEAST, Http2Frames.BYTES_MOST),
                count(CONTINUATIONS, usual.continuationsMax(), 0, values),
                count(EMPTY_FRAMES, usual.emptyInRowMax(), 0, values),
                count(PRIORITIES, usual.prioritiesPerStreamMax(), 1, values),
                count(WINDOW_UPDATES, usual.windowUpdatesPerDataMax(), 1, values),
                count(ANSWERS_QUEUED, usual.answersQueuedMax(), 1, values),
                count(FRAMES_QUEUED, usual.queuedMax(), 1, values),
                count(CONTROL_FRAMES, usual.controlPerSecondMax(), 1, values));
    }

    private static int count(String annotation, int usual, int least, AnnotationValues values) {
        return values.integer(annotation, usual, least, Http2Frames.COUNT_MOST);
    }

    private static int window(String annotation, int usual, AnnotationValues values) {
        return values.integer(annotation, usual, Http2Limits.WINDOW_LEAST, Http2Limits.WINDOW_MOST);
    }

    /** How large a body a mapping's requests may have, where it says so itself. */
    static Optional<RouteFilter.LimitBody> body(Declared<Mapping> mapping, Findings findings) {
        AnnotationValues values = new AnnotationValues(mapping, findings);
        int bytes = values.integer(BODY, -1, 0, 999_999_999);
        return bytes < 0 ? Optional.empty() : Optional.of(new RouteFilter.LimitBody(bytes));
    }

    /** Proxies in front of listeners that say nothing of it. */
    int trustedHops() {
        return module.map(EdgeModule::trustedHops).orElse(0);
    }

    /** Whether connections to listeners that say nothing of it begin with a PROXY header. */
    boolean announced() {
        return module.map(EdgeModule::announced).orElse(false);
    }

    /** A mapping with what holds for those that say nothing. */
    Declared<Mapping> complete(Declared<Mapping> mapping) {
        MappingDefaults defaults = module.map(EdgeModule::defaults).orElse(MappingDefaults.NONE);
        return new Declared<>(
                mapping.resource(), mapping.value().map(value -> value.with(defaults)), mapping.problems());
    }

    Optional<CorsPolicy> cors() {
        return module.flatMap(EdgeModule::cors);
    }

    /** Whether hosts that say nothing send clear text to HTTPS. */
    boolean redirectsClearText() {
        return module.map(EdgeModule::redirectClearText).orElse(false);
    }

    /** With what the hosts say of themselves. */
    EdgeRules rules(List<StrictTransport> hosts) {
        return rules.with(rules.serverName(), hosts);
    }

    private static EdgeRules rules(Declared<EdgeModule> declared, Findings findings) {
        AnnotationValues values = new AnnotationValues(declared, findings);
        values.unknown(List.of("limit.weft.dev/", "timeout.weft.dev/"), KNOWN);
        EdgeModule module = declared.value().orElseThrow();
        ClientLimits clients = clients(module, values);
        noteHeap(declared, clients.heap(), findings);
        return new EdgeRules(heads(module, values), module.addresses(), module.serverName(), List.of(), clients);
    }

    private static EdgeRules.Heads heads(EdgeModule module, AnnotationValues values) {
        EdgeRules.Heads usual = EdgeRules.Heads.DEFAULT;
        return new EdgeRules.Heads(
                switch (module.underscores()) {
                    case REJECT_REQUEST -> EdgeRules.Underscores.REFUSE;
                    case DROP_HEADER -> EdgeRules.Underscores.DROP;
                    case ALLOW -> EdgeRules.Underscores.ALLOW;
                },
                switch (module.escapedSlashes()) {
                    case REJECT_REQUEST -> EdgeRules.EscapedSlashes.REFUSE;
                    case UNESCAPE_AND_REDIRECT -> EdgeRules.EscapedSlashes.REDIRECT;
                    case KEEP_UNCHANGED -> EdgeRules.EscapedSlashes.ALLOW;
                },
                module.mergeSlashes(),
                module.headKilobytesMax() * 1024,
                values.integer(TARGET, usual.targetBytesMax(), 1, TARGET_MOST),
                values.integer(FIELDS, usual.fieldsMax(), 1, FIELDS_MOST));
    }
}
