package dev.weft.serving.knative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.document.Document;
import dev.weft.resources.document.Documents;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a revision that somebody still wants is safe from, over a store that is older than the controllers; config-gc keeps
 * none that is idle.
 */
final class CollectionTests {

    private static final Key CONFIGURATION = Kinds.CONFIGURATION.key("default", "hello");
    private static final Key OWN_ROUTE = Kinds.ROUTE.key("default", "hello");
    private static final Key HANDMADE_ROUTE = Kinds.ROUTE.key("default", "pinned");
    private static final Key OLD = Kinds.REVISION.key("default", "hello-00001");

    private final MemoryStore store = new MemoryStore();
    private final RevisionIndex index = new RevisionIndex();
    private final RouteReferences references = new RouteReferences(store);
    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-06-01T00:00:00Z"));
    private final RouteController routes = new RouteController(store, index, references, "example.com", clock);
    private final ConfigurationController configurations = new ConfigurationController(store, index, references, clock);

    @BeforeEach
    void declare() {
        apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: config-gc, namespace: knative-serving}
                data: {min-non-active-revisions: "0", max-non-active-revisions: "0"}
                ---
                apiVersion: serving.knative.dev/v1
                kind: Configuration
                metadata: {name: hello, namespace: default}
                spec: {template: {spec: {containers: [{image: hello}]}}}
                ---
                apiVersion: serving.knative.dev/v1
                kind: Route
                metadata: {name: hello, namespace: default, labels: {serving.knative.dev/service: hello}}
                spec: {traffic: [{configurationName: hello, latestRevision: true, percent: 100}]}
                ---
                """ + revision("hello-00001", "reserve") + "---\n" + revision("hello-00002", "active"));
        status(CONFIGURATION, "{latestReadyRevisionName: hello-00002}");
        status(OLD, "{conditions: [{type: Ready, status: 'True'}]}");
        see();
    }

    @Test
    void takesWhatNobodyNamesOnceTheRoutesAreKnown() {
        assertThat(configurations.collect(CONFIGURATION)).isPresent();
        assertThat(store.get(OLD)).isPresent();

        routes.reconcile(OWN_ROUTE);
        see();

        assertThat(configurations.collect(CONFIGURATION)).isEmpty();
        assertThat(store.get(OLD)).isEmpty();
    }

    @Test
    void waitsForARouteThatWasNotReconciledSinceTheStart() {
        apply(revision("hello-00001", "active") + "---\n" + pinned("hello-00001"));
        see();
        routes.reconcile(OWN_ROUTE);
        see();

        assertThat(state()).isEqualTo("active");
        configurations.collect(CONFIGURATION);
        assertThat(store.get(OLD)).isPresent();

        routes.reconcile(HANDMADE_ROUTE);
        see();
        configurations.collect(CONFIGURATION);
        assertThat(state()).isEqualTo("active");
    }

    @Test
    void leavesWhatARouteAsksForBeforeItWasReconciledAgain() {
        apply(pinned("hello-00002"));
        routes.reconcile(OWN_ROUTE);
        routes.reconcile(HANDMADE_ROUTE);
        apply(pinned("hello-00001"));
        see();

        configurations.collect(CONFIGURATION);

        assertThat(store.get(OLD)).isPresent();
    }

    @Test
    void leavesWhatAServiceGoesBackToBeforeItsRouteSaysSo() {
        routes.reconcile(OWN_ROUTE);
        apply("""
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: hello, namespace: default}
                spec: {traffic: [{revisionName: hello-00001, percent: 100}]}
                """);
        see();

        configurations.collect(CONFIGURATION);

        assertThat(store.get(OLD)).isPresent();
    }

    @Test
    void leavesWhatHasChangedSinceItWasSeen() {
        routes.reconcile(OWN_ROUTE);
        see();
        ObjectNode kept = store.get(OLD).orElseThrow().edit();
        kept.withObject("/metadata/annotations").put(Names.NO_GC, "true");
        store.update(new Resource(Kinds.REVISION, kept));

        assertThatThrownBy(() -> configurations.collect(CONFIGURATION))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.CONFLICT));
        assertThat(store.get(OLD)).isPresent();
    }

    @Test
    void putsInReserveWhatARouteLeavesAtItsFirstReconciliation() {
        apply(revision("hello-00001", "active") + "---\n" + pinned("hello-00002"));
        status(HANDMADE_ROUTE, "{traffic: [{revisionName: hello-00001, percent: 100}]}");
        status(Kinds.REVISION.key("default", "hello-00002"), "{conditions: [{type: Ready, status: 'True'}]}");
        see();
        routes.reconcile(OWN_ROUTE);
        assertThat(state()).isEqualTo("active");

        routes.reconcile(HANDMADE_ROUTE);

        assertThat(state()).isEqualTo("reserve");
    }

    private String state() {
        return store.get(OLD).orElseThrow().labels().getOrDefault(Names.ROUTING_STATE_LABEL, "");
    }

    private void see() {
        store.list(Kinds.REVISION).forEach(revision -> index.seen(new Change(Change.Type.MODIFIED, revision)));
    }

    private void apply(String yaml) {
        for (Document document : Documents.parse("test.yaml", yaml).documents()) {
            String apiVersion = document.json().path("apiVersion").asString("");
            String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
            store.apply(new Resource(
                    Kinds.find(group, document.json().path("kind").asString("")).orElseThrow(), document.json()));
        }
    }

    private void status(Key key, String yaml) {
        store.updateStatus(
                key, Documents.parse("status.yaml", yaml).documents().getFirst().json());
    }

    private static String pinned(String revision) {
        return """
                apiVersion: serving.knative.dev/v1
                kind: Route
                metadata: {name: pinned, namespace: default}
                spec: {traffic: [{revisionName: %s, percent: 100}]}
                """.formatted(revision);
    }

    private static String revision(String name, String state) {
        return """
                apiVersion: serving.knative.dev/v1
                kind: Revision
                metadata:
                  name: %s
                  namespace: default
                  labels:
                    serving.knative.dev/service: hello
                    serving.knative.dev/configuration: hello
                    serving.knative.dev/configurationGeneration: "%s"
                    serving.knative.dev/routingState: %s
                spec: {containers: [{image: hello}]}
                """.formatted(name, name.substring(name.length() - 1), state);
    }
}
