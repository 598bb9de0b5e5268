package dev.weft.resources.validation;

import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.model.problem.ResourceReference;
import dev.weft.resources.schema.Findings;
import dev.weft.resources.schema.Findings.Finding;
import dev.weft.resources.schema.KindSchemas;
import dev.weft.resources.schema.ObjectType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/**
 * Joins what the reader of a kind says of a document with what the kind's schema says. A field that the reader passes by is
 * unknown when the schema does not have it either; otherwise it is one of the original that has no effect here.
 */
final class SchemaCheck {

    private static final String UNKNOWN = "FieldUnknown";

    private SchemaCheck() {}

    /**
     * @param document as it is written, in its own version
     * @param readByUs whether a reader has looked at the types of its fields
     */
    static List<Problem> complete(
            ObjectNode document,
            ResourceReference reference,
            Function<String, Location> locate,
            List<Problem> problems,
            boolean readByUs) {
        Optional<ObjectType> schema = KindSchemas.find(
                document.path("apiVersion").asString(""), document.path("kind").asString(""));
        if (schema.isEmpty()) {
            return problems;
        }
        Findings findings = Findings.of(schema.get(), document);
        Set<String> unknown = Set.copyOf(findings.unknownPaths());
        Set<String> said = new LinkedHashSet<>();
        List<Problem> all = new ArrayList<>();
        for (Problem problem : problems) {
            boolean passedBy = problem.reason().equals(UNKNOWN) && !unknown.contains(problem.field());
            all.add(passedBy ? withoutEffect(problem) : problem);
            said.add(problem.field());
        }
        for (Finding finding : findings.unknown()) {
            if (!said.contains(finding.path())) {
                all.add(problem(reference, locate, finding, UNKNOWN, Problem.Severity.WARNING));
            }
        }
        if (!readByUs) {
            findings.mistyped()
                    .forEach(it -> all.add(problem(reference, locate, it, "FieldInvalid", Problem.Severity.ERROR)));
        }
        return all;
    }

    private static Problem withoutEffect(Problem problem) {
        return new Problem(
                problem.location(),
                problem.resource(),
                problem.field(),
                "NoEffect",
                problem.field() + " has no effect: nothing reads it here.",
                "Remove it, or expect the behaviour without it.",
                problem.severity());
    }

    private static Problem problem(
            ResourceReference reference,
            Function<String, Location> locate,
            Finding finding,
            String reason,
            Problem.Severity severity) {
        return new Problem(
                locate.apply(finding.path()),
                reference,
                finding.path(),
                reason,
                finding.path() + finding.message(),
                finding.remedy(),
                severity);
    }
}
