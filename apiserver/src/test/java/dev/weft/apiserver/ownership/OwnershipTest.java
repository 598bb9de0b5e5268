package dev.weft.apiserver.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class OwnershipTest {

    private static final ObjectNode NOTHING = JsonMapper.shared().createObjectNode();

    @Test
    void namesItemsByTheirKeys() {
        ObjectNode stored = apply("ci", NOTHING, """
            {"metadata": {"name": "web", "labels": {"app": "web"}, "finalizers": ["a/b"]},
             "spec": {"template": {"spec": {"containers": [{"name": "main", "image": "one",
               "ports": [{"containerPort": 80}], "args": ["-v"]}]}}}}
            """);

        assertThat(stored.at("/metadata/managedFields/0")).isEqualTo(json("""
            {"manager": "ci", "operation": "Apply", "apiVersion": "apps/v1", "time": "now", "fieldsType": "FieldsV1",
             "fieldsV1": {
              "f:metadata": {"f:finalizers": {"v:\\"a/b\\"": {}}, "f:labels": {"f:app": {}}},
              "f:spec": {"f:template": {"f:spec": {"f:containers": {"k:{\\"name\\":\\"main\\"}": {
                ".": {}, "f:args": {}, "f:image": {}, "f:name": {},
                "f:ports": {"k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}": {".": {}, "f:containerPort": {}}}}}}}}}}
            """));
    }

    @Test
    void removesWhatIsAppliedNoLongerAndNobodyElseWants() {
        ObjectNode live = apply("ci", NOTHING, """
            {"metadata": {"labels": {"mine": "1", "ours": "1"}},
             "spec": {"containers": [{"name": "a", "image": "a"}, {"name": "b", "image": "b"}]}}
            """);
        live = apply("other", live, "{'metadata': {'labels': {'ours': '1'}}}");

        live = apply("ci", live, "{'spec': {'containers': [{'name': 'b', 'image': 'c'}]}}");

        assertThat(live.at("/metadata/labels")).isEqualTo(json("{'ours': '1'}"));
        assertThat(live.at("/spec")).isEqualTo(json("{'containers': [{'name': 'b', 'image': 'c'}]}"));
    }

    @Test
    void leavesWhatOthersPutIntoAnItem() {
        ObjectNode live = apply("ci", NOTHING, "{'spec': {'containers': [{'name': 'a', 'image': 'a'}]}}");
        live = apply(
                "other",
                live,
                "{'spec': {'containers': [{'name': 'a', 'tty': true}, {'name': 'side', 'image': 's'}]}}");

        live = apply("ci", live, "{'spec': {'paused': true}}");

        assertThat(live.at("/spec/containers"))
                .isEqualTo(tree("[{'name': 'a', 'tty': true}, {'name': 'side', 'image': 's'}]"));
    }

    @Test
    void refusesToChangeWhatOthersOwn() {
        ObjectNode live = apply("first", NOTHING, "{'spec': {'replicas': 1, 'paused': true}}");

        assertThatThrownBy(() -> apply("second", live, "{'spec': {'replicas': 2}}"))
                .hasMessage("Apply failed with 1 conflict: conflict with \"first\": .spec.replicas");
        assertThatThrownBy(() -> apply("second", live, "{'spec': {'replicas': 2, 'paused': false}}"))
                .hasMessage("""
                    Apply failed with 2 conflicts: conflicts with "first":
                    - .spec.paused
                    - .spec.replicas\
                    """);
        assertThat(apply("second", live, "{'spec': {'replicas': 1}}")
                        .at("/metadata/managedFields")
                        .size())
                .isEqualTo(2);
    }

    @Test
    void takesWhatOthersOwnByForce() {
        ObjectNode live = apply("first", NOTHING, "{'spec': {'replicas': 1, 'paused': true}}");

        live = ownership("second", true).apply(live, json("{'spec': {'replicas': 2}}"), true);

        assertThat(live.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(live.at("/metadata/managedFields/0/fieldsV1")).isEqualTo(json("{'f:spec': {'f:paused': {}}}"));
        assertThat(live.at("/metadata/managedFields/1/fieldsV1")).isEqualTo(json("{'f:spec': {'f:replicas': {}}}"));
    }

    @Test
    void takesWhatSomebodyChangesWithoutAsking() {
        ObjectNode live = apply("ci", NOTHING, "{'spec': {'replicas': 1, 'paused': true}}");
        ObjectNode scaled = live.deepCopy();
        scaled.withObject("/spec").put("replicas", 3);

        ownership("kubectl", false).update(live, scaled);

        assertThat(scaled.at("/metadata/managedFields/0/fieldsV1")).isEqualTo(json("{'f:spec': {'f:paused': {}}}"));
        assertThat(scaled.at("/metadata/managedFields/1/operation").asString(""))
                .isEqualTo("Update");
        assertThatThrownBy(() -> apply("ci", scaled, "{'spec': {'replicas': 1}}"))
                .hasMessageContaining("conflict with \"kubectl\" using apps/v1: .spec.replicas");
    }

    @Test
    void saysWhoWasThereBeforeAnybodyApplied() {
        ObjectNode live = json("{'apiVersion': 'apps/v1', 'metadata': {'name': 'x'}, 'spec': {'replicas': 1}}");

        assertThatThrownBy(() -> apply("ci", live, "{'spec': {'replicas': 2}}"))
                .hasMessageContaining("conflict with \"before-first-apply\" using apps/v1: .spec.replicas");
    }

    @Test
    void keepsTheTimeOfAnApplyThatChangesNothing() {
        ObjectNode live = apply("ci", NOTHING, "{'metadata': {'name': 'x'}, 'spec': {'replicas': 1}}");

        ObjectNode again = new Ownership(Shape.builtIn(), new FieldManager("ci", true, "apps/v1", ""), true, "later")
                .apply(live, json("{'metadata': {'name': 'x'}, 'spec': {'replicas': 1}}"), false);

        assertThat(again).isEqualTo(live);
    }

    @Test
    void forgetsManagersWhenAClientEmptiesThem() {
        ObjectNode live = apply("ci", NOTHING, "{'spec': {'replicas': 1}}");
        ObjectNode reset = live.deepCopy();
        reset.withObject("/metadata").withArray("managedFields").removeAll().addObject();

        ownership("kubectl", false).update(live, reset);

        assertThat(reset.at("/metadata/managedFields").isMissingNode()).isTrue();
    }

    @Test
    void ownsListsOfCustomKindsAsTheirSchemaSays() {
        JsonNode schema = json("""
            {"properties": {"spec": {"properties": {
              "hosts": {"x-kubernetes-list-type": "set"},
              "rules": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
              "place": {"x-kubernetes-map-type": "atomic"}}}}}
            """);
        Ownership first = new Ownership(Shape.custom(schema), new FieldManager("a", true, "x/v1", ""), true, "now");
        Ownership second = new Ownership(Shape.custom(schema), new FieldManager("b", true, "x/v1", ""), true, "now");

        ObjectNode live = first.apply(
                NOTHING,
                json("{'spec': {'hosts': ['x'], 'rules': [{'name': 'r', 'to': 1}], 'place': {'a': 1}}}"),
                false);
        ObjectNode both =
                second.apply(live, json("{'spec': {'hosts': ['y'], 'rules': [{'name': 's', 'to': 2}]}}"), false);

        assertThat(both.at("/spec/hosts")).isEqualTo(tree("['x', 'y']"));
        assertThat(both.at("/spec/rules")).isEqualTo(tree("[{'name': 'r', 'to': 1}, {'name': 's', 'to': 2}]"));
        assertThatThrownBy(() -> second.apply(both, json("{'spec': {'place': {'b': 1}}}"), false))
                .hasMessageContaining("conflict with \"a\": .spec.place");
    }

    private static ObjectNode apply(String manager, ObjectNode live, String document) {
        return ownership(manager, true).apply(live, json(document), false);
    }

    private static Ownership ownership(String manager, boolean apply) {
        return new Ownership(Shape.builtIn(), new FieldManager(manager, apply, "apps/v1", ""), true, "now");
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) tree(text);
    }

    private static JsonNode tree(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }
}
