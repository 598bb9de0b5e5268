package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class ReplicaSetTests {

    private static final Key SHOP = Kinds.DEPLOYMENT.key("default", "shop");
    private static final String SECOND = "'env': [{'name': 'VERSION', 'value': '2'}]";

    @TempDir
    private Path folder;

    private Machine machine;

    @BeforeEach
    void start() {
        machine = new Machine(folder);
        machine.image("sleeper", "sh", "-c", "exec sleep 1000");
    }

    @AfterEach
    void stop() {
        machine.close();
    }

    @Test
    void everyTemplateHasASetWithItsNumberInTheHistory() {
        machine.deployment("shop", 1, "sleeper", "");
        awaitComplete("1");
        machine.deployment("shop", 1, "sleeper", SECOND);
        awaitComplete("2");

        assertThat(sets()).hasSize(2).allSatisfy(set -> {
            assertThat(set.name()).isEqualTo("shop-" + set.labels().get("pod-template-hash"));
            assertThat(set.at("/spec/selector/matchLabels/pod-template-hash").asString(""))
                    .isEqualTo(set.labels().get("pod-template-hash"));
        });
        assertThat(revisions()).containsExactlyInAnyOrder("1", "2");

        machine.deployment("shop", 1, "sleeper", "");
        awaitComplete("3");
        assertThat(revisions()).containsExactlyInAnyOrder("2", "3");
        Resource back = set("3");
        assertThat(back.annotations()).containsEntry("deployment.kubernetes.io/revision-history", "1");
        assertThat(set("2").at("/spec/replicas").asInt(-1)).isZero();
        assertThat(machine.pods().stream().filter(pod -> !pod.deleting()))
                .singleElement()
                .satisfies(pod -> assertThat(
                                pod.at("/metadata/ownerReferences/0/name").asString(""))
                        .isEqualTo(back.name()));
    }

    @Test
    void keepsAsManyOldSetsAsItShould() {
        for (int version = 1; version <= 4; version++) {
            shop(0, ", 'env': [{'name': 'V', 'value': '" + version + "'}]", ", 'revisionHistoryLimit': 1");
            awaitComplete(Integer.toString(version));
        }
        Machine.await("two sets", () -> revisions().equals(Set.of("3", "4")));
    }

    @Test
    void aPausedDeploymentScalesAndDoesNotRoll() {
        shop(1, "", "");
        awaitComplete("1");
        shop(2, ", " + SECOND, ", 'paused': true");
        Machine.await(
                "two pods of the old template",
                () -> set("1").at("/status/readyReplicas").asInt(0) == 2);
        assertThat(sets()).hasSize(1);
        Machine.await(
                "the reason",
                () -> machine.get(SHOP).at("/status/conditions").toString().contains("DeploymentPaused"));

        shop(2, ", " + SECOND, ", 'paused': false");
        awaitComplete("2");
        assertThat(sets()).hasSize(2);
    }

    @Test
    void aSetAloneKeepsItsPodsAndTakesOnThoseThatItsSelectorPicks() {
        machine.apply(Kinds.POD, """
                {'metadata': {'name': 'free', 'labels': {'app': 'alone'}},
                 'spec': {'terminationGracePeriodSeconds': 1, 'containers': [{'name': 'main', 'image': 'sleeper'}]}}""");
        Resource set = machine.apply(Kinds.REPLICA_SET, """
                {'metadata': {'name': 'alone'}, 'spec': {'replicas': 2, 'selector': {'matchLabels': {'app': 'alone'}},
                 'template': {'metadata': {'labels': {'app': 'alone'}}, 'spec': {'terminationGracePeriodSeconds': 1,
                  'containers': [{'name': 'main', 'image': 'sleeper'}]}}}}""");
        Machine.await(
                "two ready",
                () -> machine.get(set.key()).at("/status/readyReplicas").asInt(0) == 2);
        assertThat(machine.pods())
                .hasSize(2)
                .allSatisfy(pod -> assertThat(
                                pod.at("/metadata/ownerReferences/0/uid").asString(""))
                        .isEqualTo(set.uid()));
        machine.store.delete(machine.pods().getFirst().key());
        Machine.await(
                "another in its place",
                () -> machine.pods().size() == 2 && machine.pods().stream().noneMatch(Resource::deleting));
    }

    @Test
    void aPodThatIsReadyIsNotAvailableYet() {
        shop(1, "", ", 'minReadySeconds': 3600");
        Machine.await(
                "ready", () -> machine.get(SHOP).at("/status/readyReplicas").asInt(0) == 1);
        assertThat(machine.get(SHOP).at("/status/availableReplicas").asInt(-1)).isZero();
    }

    @Test
    void aLabelThatIsNamedLikeTheHashDoesNotHoldADeploymentUp() {
        for (int replicas = 1; replicas <= 2; replicas++) {
            machine.apply(Kinds.DEPLOYMENT, """
                    {'metadata': {'name': 'shop'}, 'spec': {'replicas': %d, 'selector': {'matchLabels': {'app': 'shop'}},
                     'template': {'metadata': {'labels': {'app': 'shop', 'pod-template-hash': 'mine'}},
                      'spec': {'terminationGracePeriodSeconds': 1, 'containers': [{'name': 'main', 'image': 'sleeper'}]}}}}
                    """.formatted(replicas));
            awaitComplete("1");
        }
        assertThat(sets()).hasSize(1);
    }

    @Test
    void aTemplateWhoseSetWasEditedGetsASetOfAnotherName() {
        machine.deployment("shop", 1, "sleeper", "");
        awaitComplete("1");
        Resource set = set("1");
        ObjectNode edited = set.edit();
        edited.withObject("/spec/template/spec").put("terminationGracePeriodSeconds", 1);
        edited.withObject("/metadata").remove("resourceVersion"); // whatever its controller may have written since
        machine.store.update(new Resource(set.kind(), edited));

        awaitComplete("2");
        assertThat(machine.get(SHOP).at("/status/collisionCount").asInt(0)).isEqualTo(1);
        assertThat(sets()).hasSize(2);
        assertThat(set("2").name()).isNotEqualTo(set.name());
    }

    @Test
    void aSetThatIsNobodysAndHasTheNameIsLeftAlone() {
        machine.deployment("shop", 0, "sleeper", "");
        awaitComplete("1");
        Resource set = set("1");
        machine.store.delete(SHOP);
        Machine.await("none", () -> sets().isEmpty());
        machine.apply(
                Kinds.REPLICA_SET,
                "{'metadata': {'name': '" + set.name() + "'}, 'spec': {'replicas': 0, 'template': {}}}");

        machine.deployment("shop", 1, "sleeper", "");
        awaitComplete("1");
        assertThat(set("1").name()).isNotEqualTo(set.name());
        assertThat(machine.get(set.key()).at("/metadata/ownerReferences").isMissingNode())
                .isTrue();
    }

    /** The Deployment with more in its own specification than {@link Machine#deployment} gives it. */
    private void shop(int replicas, String container, String more) {
        machine.apply(Kinds.DEPLOYMENT, """
                {'metadata': {'name': 'shop'}, 'spec': {'replicas': %d, 'selector': {'matchLabels': {'app': 'shop'}}%s,
                 'template': {'metadata': {'labels': {'app': 'shop'}}, 'spec': {'terminationGracePeriodSeconds': 5,
                  'containers': [{'name': 'main', 'image': 'sleeper'%s}]}}}}
                """.formatted(replicas, more, container));
    }

    private void awaitComplete(String revision) {
        Machine.await("revision " + revision, () -> {
            Resource found = machine.get(SHOP);
            return found.annotations()
                            .getOrDefault("deployment.kubernetes.io/revision", "")
                            .equals(revision)
                    && found.at("/status/conditions").toString().contains("NewReplicaSetAvailable")
                    && found.at("/status/observedGeneration").asLong(0) == found.generation();
        });
    }

    private Resource set(String revision) {
        return sets().stream()
                .filter(set -> revision(set).equals(revision))
                .findFirst()
                .orElseThrow();
    }

    private Set<String> revisions() {
        return sets().stream().map(ReplicaSetTests::revision).collect(Collectors.toSet());
    }

    private static String revision(Resource set) {
        return set.annotations().getOrDefault("deployment.kubernetes.io/revision", "");
    }

    private List<Resource> sets() {
        return machine.store.list(Kinds.REPLICA_SET);
    }
}
