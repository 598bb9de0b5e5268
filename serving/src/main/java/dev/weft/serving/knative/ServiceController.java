package dev.weft.serving.knative;

import dev.weft.model.problem.Problem;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.knative.KnativeDefaults;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A Knative service: makes its Configuration and its Route, and gathers their status. */
final class ServiceController {

    private static final String CONFIGURATIONS_READY = "ConfigurationsReady";
    private static final String ROUTES_READY = "RoutesReady";

    private final ResourceStore store;
    private final InstantSource clock;

    ServiceController(ResourceStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    void reconcile(Key key) {
        store.get(key).filter(service -> !service.deleting()).ifPresent(this::reconcile);
    }

    private void reconcile(Resource service) {
        List<Problem> problems = Validation.ofService(service);
        if (!problems.isEmpty()) {
            String text = Validation.text(problems);
            writeStatus(
                    service,
                    Condition.no(CONFIGURATIONS_READY, "InvalidSpec", text),
                    Condition.no(ROUTES_READY, "InvalidSpec", text),
                    store.get(Kinds.CONFIGURATION.key(service.namespace(), service.name())),
                    store.get(Kinds.ROUTE.key(service.namespace(), service.name())));
            return;
        }
        Optional<Condition> taken = nameTaken(service);
        Optional<Resource> configuration = taken.isPresent()
                ? store.get(Kinds.CONFIGURATION.key(service.namespace(), service.name()))
                : Owned.ensure(store, service, configuration(service));
        Optional<Resource> route = Owned.ensure(store, service, route(service));
        writeStatus(
                service,
                configuration
                        .map(this::configurationReady)
                        .orElse(notOwned(CONFIGURATIONS_READY, "Configuration", service)),
                taken.orElse(route.map(found -> routeReady(found, configuration))
                        .orElse(notOwned(ROUTES_READY, "Route", service))),
                configuration,
                route);
    }

    private static Resource configuration(Resource service) {
        Resource configuration = Owned.of(
                service,
                Kinds.CONFIGURATION.key(service.namespace(), service.name()),
                labels(service),
                Owned.handedDown(service.annotations()));
        ObjectNode spec = configuration.json().putObject("spec");
        spec.set("template", service.at("/spec/template").deepCopy());
        KnativeDefaults.fill(spec.withObject("/template/spec"));
        return configuration;
    }

    private static Resource route(Resource service) {
        Resource route = Owned.of(
                service,
                Kinds.ROUTE.key(service.namespace(), service.name()),
                labels(service),
                Owned.handedDown(service.annotations()));
        ArrayNode traffic = route.json().putObject("spec").putArray("traffic");
        JsonNode wanted = service.at("/spec/traffic");
        if (wanted.isEmpty()) {
            traffic.addObject()
                    .put("configurationName", service.name())
                    .put("latestRevision", true)
                    .put("percent", 100);
        }
        for (JsonNode target : wanted) {
            if (target.deepCopy() instanceof ObjectNode copy) {
                boolean latest = copy.path("revisionName").asString("").isEmpty();
                if (latest) {
                    copy.put("configurationName", service.name());
                }
                copy.put("latestRevision", latest);
                traffic.add(copy);
            }
        }
        return route;
    }

    private static Map<String, String> labels(Resource service) {
        Map<String, String> labels = new LinkedHashMap<>(service.labels());
        labels.put(Names.SERVICE_LABEL, service.name());
        labels.put(Names.SERVICE_UID_LABEL, service.uid());
        return labels;
    }

    /** A revision's name that people choose can be used once only. */
    private Optional<Condition> nameTaken(Resource service) {
        String name = service.at("/spec/template/metadata/name").asString("");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        return store.get(Kinds.REVISION.key(service.namespace(), name))
                .filter(revision -> !madeFrom(service, revision))
                .map(revision -> Condition.no(
                        ROUTES_READY,
                        "RevisionNameTaken",
                        "The revision name \"" + name + "\" is taken by a revision with another template. "
                                + "Choose another spec.template.metadata.name."));
    }

    private static boolean madeFrom(Resource service, Resource revision) {
        Resource wanted = configuration(service);
        boolean ours = service.name().equals(revision.labels().getOrDefault(Names.SERVICE_LABEL, ""));
        Map<String, String> annotations =
                Owned.handedDown(Resource.strings(wanted.at("/spec/template/metadata/annotations")));
        return ours
                && wanted.at("/spec/template/spec").equals(revision.at("/spec"))
                && revision.annotations().entrySet().containsAll(annotations.entrySet()); // others may be added later
    }

    private Condition configurationReady(Resource configuration) {
        if (configuration.generation()
                != configuration.at("/status/observedGeneration").asLong(0)) {
            return Condition.unknown(CONFIGURATIONS_READY, "OutOfDate", "The Configuration is still working on it.");
        }
        return Conditions.of(configuration, Conditions.READY).as(CONFIGURATIONS_READY);
    }

    private Condition routeReady(Resource route, Optional<Resource> configuration) {
        if (route.generation() != route.at("/status/observedGeneration").asLong(0)) {
            return Condition.unknown(ROUTES_READY, "OutOfDate", "The Route is still working on it.");
        }
        Condition ready = Conditions.of(route, Conditions.READY).as(ROUTES_READY);
        String latest = configuration
                .map(found -> found.at("/status/latestReadyRevisionName").asString(""))
                .orElse("");
        for (JsonNode target : route.at("/status/traffic")) {
            boolean floats = target.path("latestRevision").asBoolean(false);
            if (ready.isTrue()
                    && floats
                    && !target.path("revisionName").asString("").equals(latest)) {
                return Condition.unknown(
                        ROUTES_READY, "TrafficNotMigrated", "Traffic is not yet migrated to the latest revision.");
            }
        }
        return ready;
    }

    private static Condition notOwned(String type, String kind, Resource service) {
        return Condition.no(
                type,
                "NotOwned",
                "There is an existing " + kind + " \"" + service.name() + "\" that this service does not own.");
    }

    private void writeStatus(
            Resource service,
            Condition configurations,
            Condition routes,
            Optional<Resource> configuration,
            Optional<Resource> route) {
        List<Condition> both = List.of(configurations, routes);
        ObjectNode status =
                Conditions.status(service, List.of(configurations, routes, Conditions.ready(both)), clock.instant());
        configuration
                .filter(found -> Owned.by(service, found))
                .ifPresent(found -> copy(found, status, "latestCreatedRevisionName", "latestReadyRevisionName"));
        route.filter(found -> Owned.by(service, found))
                .ifPresent(found -> copy(found, status, "url", "address", "traffic"));
        store.updateStatus(service.key(), status);
    }

    private static void copy(Resource from, ObjectNode status, String... fields) {
        for (String field : fields) {
            JsonNode value = from.at("/status/" + field);
            if (!value.isMissingNode()) {
                status.set(field, value.deepCopy());
            }
        }
    }
}
