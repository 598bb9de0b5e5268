package dev.weft.apiserver.admission;

import dev.weft.apiserver.cel.Budget;
import dev.weft.apiserver.kinds.CustomVersion;
import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.kinds.ServedKinds;
import dev.weft.apiserver.schema.Defaulting;
import dev.weft.apiserver.schema.Fault;
import dev.weft.apiserver.schema.Judgement;
import dev.weft.apiserver.schema.Pruning;
import dev.weft.apiserver.store.Defaults;
import dev.weft.model.problem.Problem;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.definition.CustomResourceDefinition;
import dev.weft.resources.document.Document;
import dev.weft.resources.schema.Findings;
import dev.weft.resources.validation.ChangeCheck;
import dev.weft.resources.validation.OwnerCheck;
import dev.weft.resources.validation.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges documents from files as the API would, with the places where they were written: those of Weft's own kinds and
 * those of kinds that CustomResourceDefinitions define. Used by one thread.
 */
public final class DocumentCheck {

    private final Supplier<List<Resource>> definitions;
    private final Function<Key, Optional<Resource>> stored;
    private Optional<ServedKinds> kinds = Optional.empty();

    /**
     * @param definitions CustomResourceDefinitions, asked for with the first document of a kind that is not Weft's
     * @param stored what is there already, for rules about changes
     */
    public DocumentCheck(Supplier<List<Resource>> definitions, Function<Key, Optional<Resource>> stored) {
        this.definitions = definitions;
        this.stored = stored;
    }

    /** The CustomResourceDefinitions among documents, as far as they can be read. */
    public static List<Resource> definitions(List<Document> documents) {
        return documents.stream()
                .filter(it -> it.json().path("kind").asString("").equals(Kinds.CUSTOM_RESOURCE_DEFINITION.kind()))
                .flatMap(it -> Validation.of(it).resource().stream())
                .filter(it -> it.kind().equals(Kinds.CUSTOM_RESOURCE_DEFINITION))
                .toList();
    }

    public Validation of(Document document) {
        Validation known = Validation.of(document);
        if (known.problems().stream().noneMatch(problem -> problem.reason().equals(Validation.KIND_UNKNOWN))) {
            return known.resource().map(it -> whole(document, known, it)).orElse(known);
        }
        String apiVersion = document.json().path("apiVersion").asString("");
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = apiVersion.substring(slash + 1);
        String kind = document.json().path("kind").asString("");
        Optional<ServedKind> defined = kinds().all().stream()
                .filter(it -> it.foreign()
                        && it.kind().group().equals(group)
                        && it.kind().kind().equals(kind))
                .findFirst();
        if (defined.isEmpty()) {
            return known;
        }
        if (!defined.get().versions().contains(version)) {
            return Validation.versionUnknown(
                    document, defined.get().kind(), defined.get().versions());
        }
        return custom(document, defined.get(), version);
    }

    private ServedKinds kinds() {
        if (kinds.isEmpty()) {
            ServedKinds served = new ServedKinds();
            definitions
                    .get()
                    .forEach(it -> CustomResourceDefinition.read(it).value().ifPresent(served::define));
            kinds = Optional.of(served);
        }
        return kinds.orElseThrow();
    }

    /** What the API asks beside the fields: expressions, and what never changes. */
    private Validation whole(Document document, Validation read, Resource resource) {
        List<Problem> faults = new ArrayList<>();
        ExpressionFaults.of(resource).forEach(it -> faults.add(located(document, it, "Mend the expression.")));
        OwnerCheck.of(
                        resource,
                        (key, uid) -> stored.apply(key).filter(it -> it.uid().equals(uid)))
                .forEach(it -> faults.add(it.at(document.locate(it.field()))));
        stored.apply(resource.key()).ifPresent(before -> {
            ObjectNode complete = resource.edit();
            complete.withObject("/metadata").put("uid", before.uid());
            Defaults.fill(resource.kind(), complete);
            ChangeCheck.of(before, new Resource(resource.kind(), complete))
                    .forEach(it -> faults.add(it.at(document.locate(it.field()))));
        });
        if (faults.isEmpty()) {
            return read;
        }
        List<Problem> problems = new ArrayList<>(read.problems());
        problems.addAll(faults);
        return new Validation(Optional.empty(), problems);
    }

    private Validation custom(Document document, ServedKind kind, String version) {
        Validation envelope = Validation.ofCustom(document, kind.kind());
        if (envelope.resource().isEmpty()) {
            return envelope;
        }
        List<Problem> problems = new ArrayList<>(envelope.problems());
        Resource given = envelope.resource().get();
        ObjectNode json = given.edit();
        JsonNode schema = kind.schema(version);
        Pruning.of(schema, json).stream()
                .limit(Findings.TOLD_MAX)
                .forEach(field -> problems.add(new Problem(
                        document.locate(field),
                        given.key().reference(),
                        field,
                        "FieldUnknown",
                        field + " is no field of this kind.",
                        "Remove it, or add it to the kind's CustomResourceDefinition.",
                        Problem.Severity.WARNING)));
        Defaulting.of(schema, json);
        Resource resource = new Resource(kind.kind(), json);
        List<Fault> faults = Judgement.of(schema, json);
        if (faults.isEmpty()) {
            faults = Optional.ofNullable(kind.custom().get(version))
                    .map(CustomVersion::rules)
                    .map(rules ->
                            rules.get().judge(json, stored.apply(resource.key()).map(Resource::json), new Budget()))
                    .orElse(List.of());
        }
        faults.forEach(fault -> problems.add(
                located(document, ExpressionFaults.problem(resource, fault), "Write what its definition asks for.")));
        return new Validation(faults.isEmpty() ? Optional.of(resource) : Optional.empty(), problems);
    }

    /** Faults come in Kubernetes' words, which do not name the field. */
    private static Problem located(Document document, Problem fault, String remedy) {
        return new Problem(
                document.locate(fault.field()),
                fault.resource(),
                fault.field(),
                fault.reason(),
                fault.field() + ": " + fault.message(),
                remedy,
                fault.severity());
    }
}
