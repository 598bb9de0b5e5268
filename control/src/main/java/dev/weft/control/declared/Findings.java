package dev.weft.control.declared;

import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.model.problem.Verdict;
import dev.weft.resources.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The problems that show only when resources are looked at together. */
public final class Findings {

    private final Map<Key, List<Problem>> byResource = new HashMap<>();

    /** A part of the resource has no effect. */
    public void error(Key key, String field, String reason, String message, String remedy) {
        note(key, field, reason, message, remedy, Problem.Severity.ERROR);
    }

    public void warning(Key key, String field, String reason, String message, String remedy) {
        note(key, field, reason, message, remedy, Problem.Severity.WARNING);
    }

    public List<Verdict> verdicts(Declarations declarations) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Declared<Record> declared : declarations.all()) {
            List<Problem> problems = new ArrayList<>(declared.problems());
            problems.addAll(byResource.getOrDefault(declared.key(), List.of()));
            verdicts.add(
                    new Verdict(declared.key().reference(), declared.resource().generation(), problems));
        }
        byResource.forEach((key, problems) -> {
            if (declarations.resource(key).isEmpty()) { // a pod, which is seen by what runs; its specification stays
                verdicts.add(new Verdict(key.reference(), 1, problems));
            }
        });
        return verdicts;
    }

    private void note(Key key, String field, String reason, String message, String remedy, Problem.Severity severity) {
        Problem problem = new Problem(Location.API, key.reference(), field, reason, message, remedy, severity);
        List<Problem> problems = byResource.computeIfAbsent(key, any -> new ArrayList<>());
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }
}
