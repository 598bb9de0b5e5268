package dev.weft.resources.emissary;

import dev.weft.resources.reading.Expressions;
import dev.weft.resources.reading.Fields;
import java.util.Optional;

/**
 * A change of the path by expression.
 *
 * @param substitution {@code \1} to {@code \9} stand for what the pattern's groups matched
 */
public record RegexEdit(String pattern, String substitution) {

    static Optional<RegexEdit> of(Fields spec, String field) {
        return spec.object(field, edit -> {
            String pattern = edit.requiredText("pattern");
            String substitution = edit.text("substitution", "");
            Optional<String> problem = Expressions.problem(pattern);
            Expressions.check(edit, "pattern", pattern);
            TargetText.checkPath(edit, "substitution", substitution.replaceAll("\\\\[0-9\\\\]", ""));
            int groups = problem.isPresent() ? 9 : Expressions.groups(pattern);
            for (int group = groups + 1; group <= 9; group++) {
                if (substitution.contains("\\" + group)) {
                    edit.invalid(
                            "substitution",
                            "\\" + group + " stands for a group that the pattern does not have.",
                            "The pattern has " + groups + " groups; give it more, or name one of them.");
                }
            }
            return new RegexEdit(pattern, substitution);
        });
    }
}
