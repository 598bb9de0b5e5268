package dev.weft.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.cel.Budget;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code x-kubernetes-validations}. */
class ValidationRulesTest {

    private static final String SPEC = """
            {'type': 'object', 'properties': {'spec': {'type': 'object',
              'x-kubernetes-validations': [RULES],
              'properties': {
                'min': {'type': 'integer'}, 'max': {'type': 'integer'}, 'kind-of': {'type': 'string'},
                'mode': {'type': 'string', 'x-kubernetes-validations': [
                  {'rule': 'self == oldSelf', 'message': 'mode is immutable'}]},
                'since': {'type': 'string', 'format': 'date-time'},
                'steps': {'type': 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
                  'items': {'type': 'object', 'properties': {'name': {'type': 'string'}, 'size': {'type': 'integer',
                    'x-kubernetes-validations': [{'rule': 'self >= oldSelf'}]}}}}}}}}
            """;

    @Test
    void refusesWhatARuleForbids() {
        List<Fault> faults = judge(
                "{'rule': 'self.min <= self.max', 'messageExpression': \"'%d is more than %d'.format([self.min, self.max])\"}",
                "{'min': 3, 'max': 2}", "{}");

        assertThat(faults)
                .containsExactly(new Fault("spec", "FieldValueInvalid", "Invalid value: \"object\": 3 is more than 2"));
    }

    @Test
    void saysTheRuleWhenThereIsNoMessage() {
        assertThat(judge(
                        "{'rule': 'self.max < 2', 'fieldPath': '.max', 'reason': 'FieldValueForbidden'}",
                        "{'max': 2}",
                        "{}"))
                .containsExactly(new Fault("spec.max", "FieldValueForbidden", "Forbidden: failed rule: self.max < 2"));
    }

    @Test
    void comparesWithWhatWasThere() {
        assertThat(judge("", "{'mode': 'b'}", "{'mode': 'a'}"))
                .containsExactly(
                        new Fault("spec.mode", "FieldValueInvalid", "Invalid value: \"string\": mode is immutable"));
        assertThat(judge("", "{'mode': 'b'}", "{}")).isEmpty();
        assertThat(judge(
                        "",
                        "{'steps': [{'name': 'b', 'size': 1}, {'name': 'a', 'size': 1}]}",
                        "{'steps': [{'name': 'a', 'size': 2}]}"))
                .extracting(Fault::field)
                .containsExactly("spec.steps[1].size");
        String optional = "{'rule': 'oldSelf.hasValue() || self.min == 0', 'optionalOldSelf': true}";
        ValidationRules rules = rules(optional);
        assertThat(rules.judge(document("{'min': 1}"), Optional.empty(), new Budget()))
                .hasSize(1);
        assertThat(judge(optional, "{'min': 1}", "{'min': 1}")).isEmpty();
    }

    @Test
    void knowsTypesOfTheSchema() {
        assertThat(judge(
                        "{'rule': \"has(self.since) && self.since > timestamp('2026-01-01T00:00:00Z')\"},"
                                + "{'rule': \"self.kind__dash__of == 'x'\"}",
                        "{'since': '2026-02-01T00:00:00Z', 'kind-of': 'x'}",
                        "{}"))
                .isEmpty();
    }

    @Test
    void refusesRulesThatCannotBe() {
        List<Fault> faults = ValidationRules.faults(
                schema("{'rule': 'self.mni > 1'}, {'rule': 'self.min + 1'}, {'message': 'x'}"), "spec.versions[0]");

        assertThat(faults)
                .extracting(Fault::field)
                .containsExactly(
                        "spec.versions[0].properties[spec].x-kubernetes-validations[0].rule",
                        "spec.versions[0].properties[spec].x-kubernetes-validations[1].rule",
                        "spec.versions[0].properties[spec].x-kubernetes-validations[2].rule");
        assertThat(faults.get(0).message()).contains("undefined field 'mni'");
        assertThat(faults.get(1).message()).contains("must evaluate to a bool");
    }

    private static List<Fault> judge(String rules, String spec, String before) {
        return rules(rules).judge(document(spec), Optional.of(document(before)), new Budget());
    }

    private static ValidationRules rules(String rules) {
        return ValidationRules.of(schema(rules));
    }

    private static JsonNode schema(String rules) {
        return JsonMapper.shared().readTree(json(SPEC).replace("RULES", json2(rules)));
    }

    private static JsonNode document(String spec) {
        return JsonMapper.shared().readTree(json("{'metadata': {'name': 'a', 'uid': 'u'}, 'spec': " + spec + "}"));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    /** Texts of rules may hold single quotes of their own, within double ones. */
    private static String json2(String text) {
        StringBuilder out = new StringBuilder();
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            inside ^= c == '"';
            out.append(c == '\'' && !inside ? '"' : c);
        }
        return out.toString();
    }
}
