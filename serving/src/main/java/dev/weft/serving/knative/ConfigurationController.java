package dev.weft.serving.knative;

import dev.weft.model.problem.Problem;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.knative.KnativeDefaults;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** A Configuration: makes one Revision for each generation, and knows which is the newest and the newest ready one. */
final class ConfigurationController {

    private static final Duration COLLECT_EVERY = Duration.ofHours(1);
    private static final Duration UNTIL_ROUTES_ARE_KNOWN = Duration.ofSeconds(1);

    private final ResourceStore store;
    private final RevisionIndex revisions;
    private final RouteReferences references;
    private final InstantSource clock;

    ConfigurationController(
            ResourceStore store, RevisionIndex revisions, RouteReferences references, InstantSource clock) {
        this.store = store;
        this.revisions = revisions;
        this.references = references;
        this.clock = clock;
    }

    void reconcile(Key key) {
        store.get(key).filter(configuration -> !configuration.deleting()).ifPresent(this::reconcile);
    }

    private void reconcile(Resource configuration) {
        List<Problem> problems = Validation.ofConfiguration(configuration);
        if (!problems.isEmpty()) {
            Condition invalid = Condition.no(Conditions.READY, "InvalidSpec", Validation.text(problems));
            writeStatus(configuration, invalid, latestCreated(configuration));
            return;
        }
        Optional<Resource> revision = ensureRevision(configuration);
        if (revision.isEmpty()) {
            Condition taken = Condition.no(
                    Conditions.READY,
                    "RevisionFailed",
                    "The revision name \"" + revisionName(configuration) + "\" is taken. Choose another "
                            + "spec.template.metadata.name.");
            writeStatus(configuration, taken, latestCreated(configuration));
            return;
        }
        writeStatus(configuration, ready(revision.get()), revision.get().name());
    }

    /**
     * Deletes revisions that nobody can want any more.
     *
     * @return when to look again; empty when only a change can make others go
     */
    Optional<Duration> collect(Key key) {
        Optional<Resource> configuration = store.get(key).filter(found -> !found.deleting());
        if (configuration.isEmpty()) {
            return Optional.empty();
        }
        String latestReady =
                configuration.get().at("/status/latestReadyRevisionName").asString("");
        List<Resource> idle = revisions.of(key.namespace(), key.name()).stream()
                .filter(revision -> !revision.name().equals(latestReady) && RevisionRetention.idle(revision))
                .toList();
        RevisionRetention retention = store.get(RevisionRetention.CONFIGURED_IN)
                .map(found -> RevisionRetention.read(Resource.strings(found.at("/data"))))
                .orElse(RevisionRetention.DEFAULT);
        List<Resource> surplus = retention.surplus(idle, clock.instant());
        if (!surplus.isEmpty() && !references.complete(key.namespace())) {
            return Optional.of(UNTIL_ROUTES_ARE_KNOWN);
        }
        int deleted = delete(key.namespace(), surplus);
        boolean others = deleted < surplus.size() || idle.size() - deleted > retention.leastIdle();
        return others ? Optional.of(COLLECT_EVERY) : Optional.empty();
    }

    /** How many went: a document may name one that no Route's controller has seen yet. */
    private int delete(String namespace, List<Resource> surplus) {
        if (surplus.isEmpty()) {
            return 0;
        }
        Set<String> wanted = references.documented(namespace);
        List<Resource> going = surplus.stream()
                .filter(revision -> !wanted.contains(revision.name()))
                .toList();
        going.forEach(store::deleteUnchanged);
        return going.size();
    }

    private Optional<Resource> ensureRevision(Resource configuration) {
        Key key = Kinds.REVISION.key(configuration.namespace(), revisionName(configuration));
        Optional<Resource> existing = store.get(key);
        if (existing.isPresent()) {
            return existing.filter(found -> ofThisTemplate(configuration, found));
        }
        boolean deleted = configuration
                        .at("/status/latestCreatedRevisionName")
                        .asString("")
                        .equals(key.name())
                && configuration.at("/status/observedGeneration").asLong(0) == configuration.generation();
        if (deleted) {
            return Optional.of(Resource.of(key));
        }
        try {
            return Optional.of(store.create(revision(configuration, key)));
        } catch (RefusedException e) {
            if (e.reason() != RefusedException.Reason.ALREADY_EXISTS) {
                throw e;
            }
            return store.get(key).filter(found -> ofThisTemplate(configuration, found));
        }
    }

    private static boolean ofThisTemplate(Resource configuration, Resource revision) {
        return Owned.by(configuration, revision)
                && (RevisionIndex.generation(revision) == configuration.generation()
                        || revision.at("/spec").equals(spec(configuration)));
    }

    private static Resource revision(Resource configuration, Key key) {
        Map<String, String> labels =
                new LinkedHashMap<>(Resource.strings(configuration.at("/spec/template/metadata/labels")));
        labels.put(Names.CONFIGURATION_LABEL, configuration.name());
        labels.put(Names.CONFIGURATION_UID_LABEL, configuration.uid());
        labels.put(Names.GENERATION_LABEL, Long.toString(configuration.generation()));
        labels.put(Names.ROUTING_STATE_LABEL, "pending");
        for (String inherited : List.of(Names.SERVICE_LABEL, Names.SERVICE_UID_LABEL)) {
            String value = configuration.labels().getOrDefault(inherited, "");
            if (!value.isEmpty()) {
                labels.put(inherited, value);
            }
        }
        Map<String, String> annotations = Resource.strings(configuration.at("/spec/template/metadata/annotations"));
        Resource revision = Owned.of(configuration, key, labels, Owned.handedDown(annotations));
        revision.json().set("spec", spec(configuration));
        return revision;
    }

    /** With defaults, for a Configuration that no Knative service made. */
    private static ObjectNode spec(Resource configuration) {
        ObjectNode spec = configuration.edit().withObject("/spec/template/spec");
        KnativeDefaults.fill(spec);
        return spec;
    }

    private static String revisionName(Resource configuration) {
        String chosen = configuration.at("/spec/template/metadata/name").asString("");
        return chosen.isEmpty() ? Names.revision(configuration.name(), configuration.generation()) : chosen;
    }

    private static Condition ready(Resource revision) {
        if (revision.uid().isEmpty()) {
            return Condition.no(
                    Conditions.READY, "RevisionDeleted", "Revision \"" + revision.name() + "\" was deleted.");
        }
        Condition ready = Conditions.of(revision, Conditions.READY);
        if (ready.isTrue()) {
            return Condition.yes(Conditions.READY);
        }
        return ready.isFalse()
                ? Condition.no(
                        Conditions.READY,
                        "RevisionFailed",
                        "Revision \"" + revision.name() + "\" failed with message: " + ready.message())
                : Condition.unknown(Conditions.READY, ready.reason(), ready.message());
    }

    private void writeStatus(Resource configuration, Condition ready, String latestCreated) {
        ObjectNode status = Conditions.status(configuration, List.of(ready), clock.instant());
        if (!latestCreated.isEmpty()) {
            status.put("latestCreatedRevisionName", latestCreated);
        }
        String latestReady = latestReady(configuration);
        if (!latestReady.isEmpty()) {
            status.put("latestReadyRevisionName", latestReady);
        }
        store.updateStatus(configuration.key(), status);
    }

    /** The newest that is ready; one that was ready stays until a newer one is. */
    private String latestReady(Resource configuration) {
        String before = configuration.at("/status/latestReadyRevisionName").asString("");
        for (Resource revision : revisions.of(configuration.namespace(), configuration.name())) {
            if (revision.name().equals(before) || Conditions.ready(revision)) {
                return revision.name();
            }
        }
        return "";
    }

    private static String latestCreated(Resource configuration) {
        return configuration.at("/status/latestCreatedRevisionName").asString("");
    }
}
