package dev.weft.resources.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.problem.Problem;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.document.Document;
import dev.weft.resources.schema.FieldType.ListOf;
import dev.weft.resources.schema.FieldType.MapOf;
import dev.weft.resources.schema.FieldType.Named;
import dev.weft.resources.schema.FieldType.Scalar;
import dev.weft.resources.validation.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The schemas know every kind, every field that is read, and nothing else. */
class KindSchemasTest {

    private static final String ODD = "zzNobodyKnowsThis";
    /** So few that all are told of by name, beside the fields that nobody reads. */
    private static final int ODD_AT_ONCE = 10;

    private static final Pattern KNOWN = Pattern.compile("known here: (.+)\\.");

    @Test
    void everyKindIsDescribed() {
        assertThat(Kinds.served())
                .allSatisfy(kind -> assertThat(KindSchemas.find(kind.apiVersion(), kind.kind()))
                        .as(kind.apiVersion() + " " + kind.kind())
                        .isPresent());
    }

    @Test
    void everyTypeThatAFieldNamesIsDescribed() {
        for (String kind : KindSchemas.described()) {
            ObjectType schema = schema(kind);
            assertThat(KindSchemas.typesBelow(schema))
                    .allSatisfy(
                            name -> assertThat(KindSchemas.type(name).fields()).isNotEmpty());
        }
    }

    /** A document with all fields of its schema and an odd one in some objects makes readers say what they know. */
    @Test
    void everyFieldThatIsReadIsInTheSchema() {
        List<String> missing = new ArrayList<>();
        for (Kind kind : Kinds.served()) {
            ObjectType schema = schema(kind.apiVersion() + " " + kind.kind());
            ObjectNode document = example(schema, 0);
            document.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
            List<ObjectNode> odd = new ArrayList<>();
            removeOdd(document, odd);
            for (int from = 0; from < odd.size(); from += ODD_AT_ONCE) {
                List<ObjectNode> some = odd.subList(from, Math.min(odd.size(), from + ODD_AT_ONCE));
                some.forEach(object -> object.put(ODD, 1));
                readFields(document)
                        .filter(path -> !knows(schema, path))
                        .forEach(path -> missing.add(kind.kind() + " " + path));
                some.forEach(object -> object.remove(ODD));
            }
        }
        assertThat(missing).isEmpty();
    }

    /** What readers say they know, beside the odd ones. */
    private static Stream<String> readFields(ObjectNode document) {
        return Validation.of(Document.ofApi(document)).problems().stream()
                .filter(problem -> problem.reason().equals("FieldUnknown"))
                .flatMap(problem -> KNOWN.matcher(problem.remedy())
                        .results()
                        .flatMap(known -> Stream.of(known.group(1).split(", ", -1)))
                        .map(name -> problem.field().replace(ODD, name)))
                .filter(path -> !path.equals("status") && !path.endsWith("rules[0].resourceNames")); // of several kinds
    }

    private static void removeOdd(JsonNode node, List<ObjectNode> odd) {
        if (node instanceof ObjectNode object && object.remove(ODD) != null) {
            odd.add(object);
        }
        node.forEach(part -> removeOdd(part, odd));
    }

    @Test
    void tellsOfManyUnknownFieldsByTheirNumber() {
        ObjectNode document = example(schema("apps/v1 Deployment"), 99);
        document.put("apiVersion", "apps/v1").put("kind", "Deployment");
        for (int i = 0; i < 5_000; i++) {
            document.withObject("/spec").put("odd" + i, i);
        }

        List<Problem> problems = Validation.of(document).problems();

        assertThat(problems).hasSizeLessThan(200);
        assertThat(problems).anyMatch(problem -> problem.message().matches("49\\d\\d more fields are unknown.*"));
    }

    @Test
    void namesTheUnknownFieldWithItsPlaceAndWhatWasMeant() {
        ObjectNode document = example(schema("apps/v1 Deployment"), 99);
        document.withObject("/spec")
                .put("replica", 2)
                .withObject("/template/spec")
                .put("containres", 1);
        assertThat(Findings.of(schema("apps/v1 Deployment"), document).unknown())
                .filteredOn(it -> !it.path().endsWith(ODD))
                .extracting(it -> it.path() + " " + it.remedy())
                .containsExactly(
                        "spec.replica Did you mean replicas?",
                        "spec.template.spec.containres Did you mean containers?");
    }

    @Test
    void looksAtTheTypesOfKindsThatNobodyReads() {
        ObjectNode job = JsonNodeFactory.instance.objectNode();
        job.put("apiVersion", "coordination.k8s.io/v1")
                .put("kind", "Lease")
                .putObject("metadata")
                .put("name", "a");
        job.putObject("spec").put("leaseDurationSeconds", "two");
        assertThat(Validation.of(job).problems())
                .extracting(Problem::message)
                .containsExactly("spec.leaseDurationSeconds: \"two\" is not an integer.");
        assertThat(Validation.of(job).resource()).isEmpty();
    }

    private static ObjectType schema(String key) {
        String[] parts = key.split(" ", -1);
        return KindSchemas.find(parts[0], parts[1]).orElseThrow();
    }

    private static boolean knows(ObjectType schema, String path) {
        ObjectType at = schema;
        for (String part : path.replaceAll("\\[\\d+]", "").split("\\.", -1)) {
            ObjectType.Field field = at.fields().get(part);
            if (field == null) {
                return false;
            }
            Optional<String> below = named(field.type());
            if (below.isEmpty()) {
                return true;
            }
            at = KindSchemas.type(below.get());
        }
        return true;
    }

    private static Optional<String> named(FieldType type) {
        return switch (type) {
            case Scalar scalar -> Optional.empty();
            case ListOf list -> named(list.item());
            case MapOf map -> Optional.empty();
            case Named name -> Optional.of(name.type());
        };
    }

    private static ObjectNode example(ObjectType type, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        type.fields().forEach((name, field) -> {
            if (depth < 8 || field.required()) {
                object.set(name, example(field.type(), depth + 1));
            }
        });
        return object.put(ODD, 1);
    }

    private static JsonNode example(FieldType type, int depth) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        return switch (type) {
            case Scalar.INTEGER, Scalar.NUMBER, Scalar.QUANTITY, Scalar.INT_OR_STRING -> make.numberNode(1);
            case Scalar.BOOLEAN -> make.booleanNode(true);
            case Scalar.STRING, Scalar.TIME -> make.stringNode("a");
            case Scalar.ANY -> make.objectNode().put(ODD, 1);
            case ListOf list -> make.arrayNode().add(example(list.item(), depth));
            case MapOf map -> make.objectNode().set("a", example(map.value(), depth));
            case Named named -> example(KindSchemas.type(named.type()), depth);
        };
    }
}
