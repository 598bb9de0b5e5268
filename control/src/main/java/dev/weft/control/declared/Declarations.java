package dev.weft.control.declared;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.core.Secret;
import dev.weft.resources.core.Service;
import dev.weft.resources.core.ServiceEndpoints;
import dev.weft.resources.emissary.EdgeModule;
import dev.weft.resources.emissary.Host;
import dev.weft.resources.emissary.Listener;
import dev.weft.resources.emissary.LogService;
import dev.weft.resources.emissary.Mapping;
import dev.weft.resources.emissary.TcpMapping;
import dev.weft.resources.emissary.TlsContext;
import dev.weft.resources.emissary.TracingService;
import dev.weft.resources.knative.DomainMapping;
import dev.weft.resources.knative.Revision;
import dev.weft.resources.knative.Route;
import dev.weft.resources.linkerd.HttpLocalRateLimitPolicy;
import dev.weft.resources.linkerd.Server;
import dev.weft.resources.reading.Read;
import dev.weft.resources.smi.HttpRouteGroup;
import dev.weft.resources.smi.TcpRoute;
import dev.weft.resources.smi.TrafficSplit;
import dev.weft.resources.smi.TrafficTarget;
import dev.weft.resources.validation.Validation;
import dev.weft.resources.weft.Fault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Everything that is declared, read once when it changes. A resource that turns bad keeps the value that it had while it
 * was good, so that one mistake never stops what works.
 *
 * <p>Owned by one thread.
 */
public final class Declarations {

    /** The kinds that snapshots are made of, with their readers. */
    private static final Map<Kind, Function<Resource, Read<? extends Record>>> READERS = readers();

    private final Map<Kind, Map<String, Declared<Record>>> byKind = new LinkedHashMap<>();

    public Declarations() {
        watched().forEach(kind -> byKind.put(kind, new TreeMap<>()));
    }

    /** The kinds to watch: what snapshots are made of, and what gets a verdict for its own sake. */
    public static List<Kind> watched() {
        List<Kind> kinds = new ArrayList<>(Kinds.all());
        kinds.removeAll(List.of(Kinds.EVENT, Kinds.ENDPOINT_SLICE, Kinds.NODE, Kinds.REPLICA_SET, Kinds.JOB));
        return kinds;
    }

    /** Takes a resource over; false when nothing in it matters to a snapshot or a verdict. */
    public boolean put(Resource resource) {
        Map<String, Declared<Record>> kind = byKind.get(resource.kind());
        boolean ours = resource.kind().equals(Kinds.ENDPOINTS) && ServiceEndpoints.mirrored(resource);
        if (kind == null || ours) {
            return false;
        }
        Declared<Record> before = kind.get(sortKey(resource));
        if (before != null && same(before.resource(), resource)) {
            return false;
        }
        kind.put(sortKey(resource), read(resource, before == null ? Optional.empty() : before.value()));
        return true;
    }

    /** Takes one step of a watch over; false when nothing in it matters. */
    public boolean apply(Change change) {
        return switch (change.type()) {
            case ADDED, MODIFIED -> put(change.resource());
            case DELETED -> {
                Map<String, Declared<Record>> kind =
                        byKind.get(change.resource().kind());
                yield kind != null && kind.remove(sortKey(change.resource())) != null;
            }
        };
    }

    /** Every Service that could be read. */
    public List<Service> services() {
        return readable(Kinds.SERVICE, Service.class).stream()
                .flatMap(declared -> declared.value().stream())
                .toList();
    }

    /** All resources of the kind that could be read at some time, ordered by namespace and name. */
    public <T> List<Declared<T>> readable(Kind kind, Class<T> type) {
        List<Declared<T>> typed = new ArrayList<>();
        for (Declared<Record> declared : of(kind)) {
            if (type.isInstance(declared.value().orElse(null))) {
                typed.add(new Declared<>(declared.resource(), declared.value().map(type::cast), declared.problems()));
            }
        }
        return typed;
    }

    /** All resources of the kind that could never be read, ordered likewise. */
    public List<Declared<Record>> unreadable(Kind kind) {
        return of(kind).stream().filter(declared -> declared.value().isEmpty()).toList();
    }

    public <T> Optional<T> find(Key key, Class<T> type) {
        return declared(key).flatMap(Declared::value).filter(type::isInstance).map(type::cast);
    }

    public Optional<Resource> resource(Key key) {
        return declared(key).map(Declared::resource);
    }

    /** Everything, by kind and then by namespace and name. */
    public List<Declared<Record>> all() {
        List<Declared<Record>> all = new ArrayList<>();
        byKind.values().forEach(kind -> all.addAll(kind.values()));
        return all;
    }

    private Optional<Declared<Record>> declared(Key key) {
        Map<String, Declared<Record>> kind = byKind.getOrDefault(key.kind(), Map.of());
        return Optional.ofNullable(kind.get(key.namespace() + "/" + key.name()));
    }

    private Collection<Declared<Record>> of(Kind kind) {
        return byKind.getOrDefault(kind, Map.of()).values();
    }

    private static Declared<Record> read(Resource resource, Optional<Record> lastGood) {
        Validation validation = Validation.of(resource.json());
        Function<Resource, Read<? extends Record>> reader = READERS.get(resource.kind());
        if (reader == null) {
            return new Declared<>(resource, Optional.empty(), validation.problems());
        }
        Optional<? extends Record> value =
                validation.resource().isPresent() ? reader.apply(resource).value() : Optional.empty();
        return new Declared<>(resource, value.<Record>map(record -> record).or(() -> lastGood), validation.problems());
    }

    /** Whether a change touched only what nobody here looks at: the status, and the store's own marks. */
    private static boolean same(Resource before, Resource now) {
        boolean statusMatters = now.kind().equals(Kinds.ROUTE);
        return before.uid().equals(now.uid())
                && before.generation() == now.generation()
                && now.generation() > 0
                && before.at("/metadata/labels").equals(now.at("/metadata/labels"))
                && before.at("/metadata/annotations").equals(now.at("/metadata/annotations"))
                && (!statusMatters || before.at("/status/traffic").equals(now.at("/status/traffic")));
    }

    private static String sortKey(Resource resource) {
        return resource.namespace() + "/" + resource.name();
    }

    private static Map<Kind, Function<Resource, Read<? extends Record>>> readers() {
        Map<Kind, Function<Resource, Read<? extends Record>>> readers = new LinkedHashMap<>();
        readers.put(Kinds.SERVICE, Service::read);
        readers.put(Kinds.ENDPOINTS, ServiceEndpoints::read);
        readers.put(Kinds.SECRET, Secret::read);
        readers.put(Kinds.REVISION, Revision::read);
        readers.put(Kinds.ROUTE, Route::read);
        readers.put(Kinds.DOMAIN_MAPPING, DomainMapping::read);
        readers.put(Kinds.LISTENER, Listener::read);
        readers.put(Kinds.HOST, Host::read);
        readers.put(Kinds.MAPPING, Mapping::read);
        readers.put(Kinds.MODULE, EdgeModule::read);
        readers.put(Kinds.TLS_CONTEXT, TlsContext::read);
        readers.put(Kinds.TRACING_SERVICE, TracingService::read);
        readers.put(Kinds.LOG_SERVICE, LogService::read);
        readers.put(Kinds.SERVER, Server::read);
        readers.put(Kinds.RATE_LIMIT, HttpLocalRateLimitPolicy::read);
        readers.put(Kinds.FAULT, Fault::read);
        readers.put(Kinds.TCP_MAPPING, TcpMapping::read);
        readers.put(Kinds.TCP_ROUTE, TcpRoute::read);
        readers.put(Kinds.TRAFFIC_SPLIT, TrafficSplit::read);
        readers.put(Kinds.TRAFFIC_TARGET, TrafficTarget::read);
        readers.put(Kinds.HTTP_ROUTE_GROUP, HttpRouteGroup::read);
        return readers;
    }
}
