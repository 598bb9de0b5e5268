package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import dev.weft.resources.Kinds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Evictions, and the PodDisruptionBudgets that hold them up. */
class EvictionsTest extends ApiTest {

    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String BUDGETS = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";

    @Test
    void keepsAsManyPodsAsABudgetAsksFor() throws Exception {
        pod("a", "", true);
        pod("b", "", true);
        budget("till", "'minAvailable': 1");

        assertThat(evict("a", "?dryRun=All").status()).isEqualTo(201);
        assertThat(evict("a", "").status()).isEqualTo(201);
        assertThat(api.get(PODS + "/a").status()).isEqualTo(404);
        Answer refused = evict("b", "");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().path("message").asString(""))
                .isEqualTo("Cannot evict pod as it would violate the pod's disruption budget.");
        assertThat(refused.json().at("/details/causes/0").toString())
                .contains("DisruptionBudget", "The disruption budget till needs 1 healthy pods and has 1 currently");
        assertThat(api.get(PODS + "/b").status()).isEqualTo(200);
        assertThat(api.delete(PODS + "/b").status())
                .as("who deletes asks no budget")
                .isEqualTo(200);
    }

    @Test
    void evictionsAtOnceDoNotSpendTheSameDisruption() throws Exception {
        List<Callable<Integer>> evictions = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String name = "p" + i;
            pod(name, "", true);
            evictions.add(() -> evict(name, "").status());
        }
        budget("till", "'minAvailable': 15");
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> answer : clients.invokeAll(evictions)) {
                statuses.add(answer.get());
            }
        }

        assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
        assertThat(statuses).filteredOn(status -> status == 429).hasSize(15);
    }

    @Test
    void countsSharesOfWhatControllersWant() throws Exception {
        String owner = replicaSet("shop", 4);
        for (String name : List.of("a", "b", "c")) {
            pod(name, owner, true);
        }
        pod("d", owner, false);
        budget("till", "'maxUnavailable': '25%'");

        assertThat(evict("a", "").status()).isEqualTo(429);
        assertThat(evict("d", "").status())
                .as("one that is not ready, while enough others are")
                .isEqualTo(201);
    }

    @Test
    void aPodThatIsNotReadyIsKeptWhileTooFewAre() throws Exception {
        pod("a", "", false);
        pod("b", "", true);
        budget("till", "'minAvailable': 2");

        assertThat(evict("a", "").status()).isEqualTo(429);
        api.patch(
                BUDGETS + "/till",
                "application/merge-patch+json",
                "{'spec': {'unhealthyPodEvictionPolicy': 'AlwaysAllow'}}");
        assertThat(evict("a", "").status()).isEqualTo(201);
    }

    @Test
    void saysWhenItCannotCount() throws Exception {
        Answer job = api.post("/apis/batch/v1/namespaces/default/jobs", """
                {'apiVersion': 'batch/v1', 'kind': 'Job', 'metadata': {'name': 'j'}, 'spec': {'template':
                 {'spec': {'restartPolicy': 'Never', 'containers': [{'name': 'main', 'image': 'x'}]}}}}""");
        pod("a", owner("batch/v1", "Job", job), true);
        budget("till", "'minAvailable': '50%'");
        assertThat(evict("a", "").json().toString())
                .contains("failed sync: jobs.batch does not implement the scale subresource");

        budget("another", "'minAvailable': 0");
        Answer twice = evict("a", "");
        assertThat(twice.status()).isEqualTo(500);
        assertThat(twice.json().path("message").asString("")).contains("more than one PodDisruptionBudget");
    }

    @Test
    void refusesABudgetThatSaysTwoThingsOrNone() throws Exception {
        assertThat(post("till", "'minAvailable': 1, 'maxUnavailable': 1")
                        .json()
                        .path("message")
                        .asString(""))
                .contains("spec.maxUnavailable: minAvailable and maxUnavailable cannot be both set.");
        assertThat(post("till", "'minAvailable': '150%'").json().path("message").asString(""))
                .contains("spec.minAvailable: \"150%\" is neither a number of pods nor a percentage up to 100%");
    }

    private Answer evict(String pod, String query) throws Exception {
        return api.post(
                PODS + "/" + pod + "/eviction" + query,
                "{'apiVersion': 'policy/v1', 'kind': 'Eviction', 'metadata': {'name': '" + pod + "'}}");
    }

    private void budget(String name, String spec) throws Exception {
        Answer made = post(name, spec);
        assertThat(made.status()).as(made.json().toString()).isEqualTo(201);
    }

    private Answer post(String name, String spec) throws Exception {
        return api.post(BUDGETS, """
                {'apiVersion': 'policy/v1', 'kind': 'PodDisruptionBudget', 'metadata': {'name': '%s'},
                 'spec': {'selector': {'matchLabels': {'app': 'till'}}, %s}}""".formatted(name, spec));
    }

    private String replicaSet(String name, int replicas) throws Exception {
        Answer made = api.post("/apis/apps/v1/namespaces/default/replicasets", """
                {'apiVersion': 'apps/v1', 'kind': 'ReplicaSet', 'metadata': {'name': '%s'},
                 'spec': {'replicas': %d, 'selector': {'matchLabels': {'app': 'till'}}, 'template':
                  {'metadata': {'labels': {'app': 'till'}}, 'spec': {'containers': [{'name': 'main', 'image': 'x'}]}}}}
                """.formatted(name, replicas));
        assertThat(made.status()).as(made.json().toString()).isEqualTo(201);
        return owner("apps/v1", "ReplicaSet", made);
    }

    private static String owner(String apiVersion, String kind, Answer made) {
        return "'ownerReferences': [{'apiVersion': '%s', 'kind': '%s', 'name': '%s', 'uid': '%s', 'controller': true}],"
                .formatted(
                        apiVersion,
                        kind,
                        made.json().at("/metadata/name").asString(""),
                        made.json().at("/metadata/uid").asString(""));
    }

    /** @param owners a field of its metadata, or nothing */
    private void pod(String name, String owners, boolean ready) throws Exception {
        Answer made = api.post(PODS, """
                {'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {%s 'name': '%s', 'labels': {'app': 'till'}},
                 'spec': {'containers': [{'name': 'main', 'image': 'x'}]}}""".formatted(owners, name));
        assertThat(made.status()).as(made.json().toString()).isEqualTo(201);
        ObjectNode status = (ObjectNode) JsonMapper.shared().readTree("""
                {"phase": "Running", "conditions": [{"type": "Ready", "status": "%s"}]}""".formatted(ready ? "True" : "False"));
        api.store.updateStatus(Kinds.POD.key("default", name), status);
    }
}
