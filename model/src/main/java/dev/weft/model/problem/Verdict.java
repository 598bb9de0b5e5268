package dev.weft.model.problem;

import java.util.List;

/**
 * What became of one resource in one snapshot.
 *
 * @param resource the resource judged
 * @param generation {@code metadata.generation} of what was judged, for {@code observedGeneration}
 * @param problems empty when it was accepted without a remark
 */
public record Verdict(ResourceReference resource, long generation, List<Problem> problems) {

    public Verdict {
        problems = List.copyOf(problems);
    }

    public boolean accepted() {
        return problems.stream().noneMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    }
}
