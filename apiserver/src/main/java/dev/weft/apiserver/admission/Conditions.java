package dev.weft.apiserver.admission;

import dev.weft.apiserver.cel.Budget;
import dev.weft.apiserver.cel.Expression;
import dev.weft.apiserver.cel.ExpressionException;
import dev.weft.apiserver.cel.Language;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Compiles the expressions of policies and webhooks, and asks their {@code matchConditions}. */
final class Conditions {

    /** What the expressions of policies and webhooks can ask about; the language is made with the first of them. */
    private static final class Shared {
        static final Language LANGUAGE = Language.withRights(
                List.of("object", "oldObject", "request", "params", "namespaceObject", "variables"));
    }

    /** @param name for messages */
    record Condition(String name, Expression expression) {}

    private Conditions() {}

    static Expression compile(String text, Optional<Expression.Result> result) throws ExpressionException {
        return Shared.LANGUAGE.compile(text, result);
    }

    static List<Condition> read(JsonNode conditions) throws ExpressionException {
        List<Condition> read = new ArrayList<>();
        for (JsonNode condition : conditions) {
            String text = condition.path("expression").asString("");
            read.add(new Condition(
                    condition.path("name").asString(""), compile(text, Optional.of(Expression.Result.BOOL))));
        }
        return read;
    }

    /** One that does not hold counts more than one that has no result. */
    static boolean hold(List<Condition> conditions, Map<String, ?> variables, Budget budget)
            throws ExpressionException {
        Optional<ExpressionException> failed = Optional.empty();
        for (Condition condition : conditions) {
            try {
                if (!condition.expression().holds(variables, budget)) {
                    return false;
                }
            } catch (ExpressionException e) {
                failed = Optional.of(e);
            }
        }
        if (failed.isPresent()) {
            throw failed.get();
        }
        return true;
    }

    /** The expressions of a configuration that cannot be, by their places. */
    static Map<String, String> faults(JsonNode list, String at, String field, Optional<Expression.Result> result) {
        Map<String, String> faults = new LinkedHashMap<>();
        int index = 0;
        for (JsonNode item : list) {
            String place = at + "[" + index++ + "]." + field;
            String text = item.path(field).asString("");
            if (text.isBlank()) {
                if (!field.equals("messageExpression")) {
                    faults.put(place, "Required value: " + field + " is not specified");
                }
                continue;
            }
            try {
                compile(text, result);
            } catch (ExpressionException e) {
                faults.put(place, "Invalid value: \"" + text + "\": " + e.getMessage());
            }
        }
        return faults;
    }
}
