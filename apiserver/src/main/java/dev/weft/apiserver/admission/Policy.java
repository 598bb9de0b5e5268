package dev.weft.apiserver.admission;

import dev.weft.apiserver.admission.Conditions.Condition;
import dev.weft.apiserver.cel.Budget;
import dev.weft.apiserver.cel.Expression;
import dev.weft.apiserver.cel.ExpressionException;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The expressions of one ValidatingAdmissionPolicy.
 *
 * @param variables by their names; asked when something asks for them
 */
record Policy(List<Condition> conditions, Map<String, Expression> variables, List<Check> checks) {

    /**
     * One of {@code validations}.
     *
     * @param reason {@code Invalid} unless it is said
     */
    record Check(Expression expression, String message, Optional<Expression> messageExpression, String reason) {}

    /** What a check that does not hold says. */
    record Refusal(String message, String reason) {}

    static Policy read(JsonNode spec) throws ExpressionException {
        Map<String, Expression> variables = new LinkedHashMap<>();
        for (JsonNode variable : spec.path("variables")) {
            variables.put(
                    variable.path("name").asString(""),
                    Conditions.compile(variable.path("expression").asString(""), Optional.empty()));
        }
        List<Check> checks = new ArrayList<>();
        for (JsonNode check : spec.path("validations")) {
            String message = check.path("messageExpression").asString("");
            checks.add(new Check(
                    Conditions.compile(check.path("expression").asString(""), Optional.of(Expression.Result.BOOL)),
                    check.path("message").asString(""),
                    message.isEmpty()
                            ? Optional.empty()
                            : Optional.of(Conditions.compile(message, Optional.of(Expression.Result.TEXT))),
                    check.path("reason").asString("Invalid")));
        }
        return new Policy(Conditions.read(spec.path("matchConditions")), variables, checks);
    }

    /**
     * Every check that does not hold; nothing where a condition says that the policy does not mean it. What fails because
     * the budget of the whole request is spent never counts as held: else a dear object would pass by every later policy.
     */
    List<Refusal> judge(Map<String, Object> given, boolean failOnError, Budget budget) {
        Map<String, Object> values = new HashMap<>(given);
        values.put("variables", new Lazy(values, budget));
        List<Refusal> refusals = new ArrayList<>();
        try {
            if (!Conditions.hold(conditions, given, budget)) {
                return List.of();
            }
        } catch (ExpressionException e) {
            return failOnError || budget.isSpent() ? List.of(new Refusal(e.getMessage(), "Invalid")) : List.of();
        }
        for (Check check : checks) {
            try {
                if (!check.expression().holds(values, budget)) {
                    refusals.add(new Refusal(said(check, values, budget), check.reason()));
                }
            } catch (ExpressionException e) {
                if (failOnError || budget.isSpent()) {
                    String text = check.expression().text();
                    refusals.add(
                            new Refusal("expression '" + text + "' resulted in error: " + e.getMessage(), "Invalid"));
                }
            }
        }
        return refusals;
    }

    private static String said(Check check, Map<String, Object> values, Budget budget) {
        String plain = check.message().isEmpty()
                ? "failed expression: " + check.expression().text().strip()
                : check.message();
        if (check.messageExpression().isEmpty()) {
            return plain;
        }
        try {
            return check.messageExpression().get().value(values, budget) instanceof String said && !said.isBlank()
                    ? said.strip()
                    : plain;
        } catch (ExpressionException e) {
            return plain;
        }
    }

    /** {@code variables.NAME}: worked out when it is asked for, once for each request. */
    private final class Lazy extends AbstractMap<String, Object> {
        private final Map<String, Object> others;
        private final Budget budget;
        private final Map<String, Object> known = new HashMap<>();

        Lazy(Map<String, Object> others, Budget budget) {
            this.others = others;
            this.budget = budget;
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return variables.containsKey(name);
        }

        @Override
        public @Nullable Object get(@Nullable Object name) {
            Expression expression = variables.get(name);
            if (expression == null || !(name instanceof String word)) {
                return null;
            }
            if (!known.containsKey(word)) {
                try {
                    known.put(word, expression.value(others, budget));
                } catch (ExpressionException e) {
                    throw new IllegalArgumentException("variables." + word + ": " + e.getMessage(), e);
                }
            }
            return known.get(word);
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            variables.keySet().forEach(this::get);
            return known.entrySet();
        }
    }
}
