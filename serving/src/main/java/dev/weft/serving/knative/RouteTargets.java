package dev.weft.serving.knative;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A Route's traffic block with the revisions that it means now.
 *
 * @param targets those that could be found, in the order written
 * @param assigned whether all of them can take traffic
 */
record RouteTargets(List<Target> targets, Condition assigned) {

    static final String ALL_TRAFFIC_ASSIGNED = "AllTrafficAssigned";

    /**
     * One line of the traffic block.
     *
     * @param configuration whose newest ready revision it floats with; empty for a line that names its revision
     * @param tag empty for none
     */
    record Target(String revision, String configuration, int percent, String tag) {

        boolean latest() {
            return !configuration.isEmpty();
        }
    }

    private record Found(String revision, Condition condition) {}

    /** Where the floating lines lead in the end; lines of one configuration without tags are one. */
    Rollout goal() {
        Map<String, Rollout.Line> lines = new LinkedHashMap<>();
        for (Target target : targets) {
            if (target.latest()) {
                lines.merge(
                        target.tag() + "/" + target.configuration(),
                        Rollout.Line.at(target.revision(), target.configuration(), target.tag(), target.percent()),
                        (one, other) -> Rollout.Line.at(
                                target.revision(), one.configuration(), one.tag(), one.percent() + other.percent()));
            }
        }
        return new Rollout(List.copyOf(lines.values()));
    }

    static RouteTargets resolve(ResourceStore store, Resource route) {
        List<Target> targets = new ArrayList<>();
        List<Condition> conditions = new ArrayList<>();
        JsonNode traffic = route.at("/spec/traffic");
        for (JsonNode line : traffic) {
            String named = line.path("revisionName").asString("");
            Found found = named.isEmpty() ? latest(store, route, line) : named(store, route, named);
            conditions.add(found.condition());
            if (!found.revision().isEmpty()) {
                targets.add(new Target(
                        found.revision(),
                        named.isEmpty() ? line.path("configurationName").asString("") : "",
                        line.path("percent").asInt(0),
                        line.path("tag").asString("")));
            }
        }
        if (traffic.isEmpty()) {
            conditions.add(Condition.no(
                    ALL_TRAFFIC_ASSIGNED, "RevisionMissing", "The route has no target. Name one in spec.traffic."));
        }
        return new RouteTargets(
                List.copyOf(targets), Conditions.ready(conditions).as(ALL_TRAFFIC_ASSIGNED));
    }

    private static Found latest(ResourceStore store, Resource route, JsonNode line) {
        String name = line.path("configurationName").asString("");
        Optional<Resource> configuration = store.get(Kinds.CONFIGURATION.key(route.namespace(), name));
        if (configuration.isEmpty()) {
            return new Found(
                    "",
                    Condition.no(
                            ALL_TRAFFIC_ASSIGNED,
                            "ConfigurationMissing",
                            "Configuration \"" + name + "\" referenced in traffic not found."));
        }
        String ready = configuration.get().at("/status/latestReadyRevisionName").asString("");
        if (!ready.isEmpty()) {
            return new Found(ready, Condition.yes(ALL_TRAFFIC_ASSIGNED));
        }
        boolean failed = Conditions.of(configuration.get(), Conditions.READY).isFalse();
        return new Found(
                "",
                failed
                        ? Condition.no(
                                ALL_TRAFFIC_ASSIGNED,
                                "RevisionMissing",
                                "Configuration \"" + name + "\" does not have any ready Revision.")
                        : Condition.unknown(
                                ALL_TRAFFIC_ASSIGNED,
                                "RevisionMissing",
                                "Configuration \"" + name + "\" is waiting for a Revision to become ready."));
    }

    private static Found named(ResourceStore store, Resource route, String name) {
        Optional<Resource> revision = store.get(Kinds.REVISION.key(route.namespace(), name));
        if (revision.isEmpty()) {
            return new Found(
                    "",
                    Condition.no(
                            ALL_TRAFFIC_ASSIGNED,
                            "RevisionMissing",
                            "Revision \"" + name + "\" referenced in traffic not found."));
        }
        String service = route.labels().getOrDefault(Names.SERVICE_LABEL, "");
        String owner = revision.get().labels().getOrDefault(Names.SERVICE_LABEL, "");
        if (!service.isEmpty() && !owner.equals(service)) {
            return new Found(
                    "",
                    Condition.no(
                            ALL_TRAFFIC_ASSIGNED,
                            "RevisionNotOwned",
                            "Revision \"" + name + "\" belongs to another service."));
        }
        if (Conditions.ready(revision.get()) || routedAlready(route, name)) {
            return new Found(name, Condition.yes(ALL_TRAFFIC_ASSIGNED));
        }
        boolean failed = Conditions.of(revision.get(), Conditions.READY).isFalse();
        return new Found(
                name,
                failed
                        ? Condition.no(
                                ALL_TRAFFIC_ASSIGNED,
                                "RevisionMissing",
                                "Revision \"" + name + "\" failed to become ready.")
                        : Condition.unknown(
                                ALL_TRAFFIC_ASSIGNED,
                                "RevisionMissing",
                                "Revision \"" + name + "\" is not yet ready."));
    }

    /** A revision that answers already goes on, whatever becomes of its instances; who asks it wakes it again. */
    private static boolean routedAlready(Resource route, String revision) {
        for (JsonNode target : route.at("/status/traffic")) {
            if (target.path("revisionName").asString("").equals(revision)) {
                return true;
            }
        }
        return false;
    }
}
