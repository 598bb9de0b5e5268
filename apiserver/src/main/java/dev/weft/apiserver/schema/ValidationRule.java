package dev.weft.apiserver.schema;

import dev.weft.apiserver.cel.Budget;
import dev.weft.apiserver.cel.Expression;
import dev.weft.apiserver.cel.ExpressionException;
import dev.weft.apiserver.cel.SelfLanguage;
import dev.weft.apiserver.cel.SelfLanguage.Before;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * One of {@code x-kubernetes-validations}.
 *
 * @param message what is said when it does not hold; the rule itself when nothing is
 * @param messageExpression what is said instead, when it has a result
 * @param reason {@code FieldValueInvalid} and the like
 * @param field below what the rule stands at; empty for that itself
 * @param before whether it asks what was there before
 */
record ValidationRule(
        Expression expression,
        String message,
        Optional<Expression> messageExpression,
        String reason,
        String field,
        Before before) {

    private static final Pattern LITERAL = Pattern.compile("\"(\\\\.|[^\"\\\\])*\"|'(\\\\.|[^'\\\\])*'");
    private static final Pattern OLD = Pattern.compile("\\boldSelf\\b");
    private static final List<String> REASONS =
            List.of("FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired", "FieldValueDuplicate");

    /**
     * Adds to the faults what is wrong with it, at its place in the definition.
     *
     * @param correlatable whether it is known which old value belongs to which new one
     */
    static Optional<ValidationRule> read(
            String at, JsonNode json, SelfLanguage language, boolean correlatable, List<Fault> faults) {
        String text = json.path("rule").asString("").strip();
        if (text.isEmpty()) {
            faults.add(Fault.required(at + ".rule"));
            return Optional.empty();
        }
        Before before = before(text, json);
        if (before != Before.NONE && !correlatable) {
            faults.add(Fault.invalid(
                    at + ".rule", quoted(text), "oldSelf cannot be used on the uncorrelatable portion of the schema"));
            return Optional.empty();
        }
        String reason = json.path("reason").asString("FieldValueInvalid");
        if (!REASONS.contains(reason)) {
            faults.add(new Fault(
                    at + ".reason",
                    "FieldValueNotSupported",
                    "Unsupported value: " + quoted(reason) + ": supported values: " + String.join(", ", REASONS)));
        }
        Optional<Expression> expression = compile(at + ".rule", text, Expression.Result.BOOL, language, before, faults);
        String messageText = json.path("messageExpression").asString("").strip();
        Optional<Expression> message = messageText.isEmpty()
                ? Optional.empty()
                : compile(at + ".messageExpression", messageText, Expression.Result.TEXT, language, before, faults);
        String said = json.path("message").asString("").strip();
        String field = json.path("fieldPath").asString("");
        return expression.map(it ->
                new ValidationRule(it, said.isEmpty() ? "failed rule: " + text : said, message, reason, field, before));
    }

    /** The fault when it does not hold. */
    Optional<Fault> judge(String path, String type, Map<String, ?> variables, Budget budget) {
        String at = field.isEmpty() ? path : path.isEmpty() ? field.replaceFirst("^\\.", "") : path + field;
        try {
            return expression.holds(variables, budget)
                    ? Optional.empty()
                    : Optional.of(fault(at, type, said(variables, budget)));
        } catch (ExpressionException e) {
            return Optional.of(
                    Fault.invalid(at, quoted(type), e.getMessage() + " evaluating rule: " + expression.text()));
        }
    }

    private Fault fault(String at, String type, String said) {
        return switch (reason) {
            case "FieldValueForbidden" -> new Fault(at, reason, "Forbidden: " + said);
            case "FieldValueRequired" -> new Fault(at, reason, "Required value: " + said);
            case "FieldValueDuplicate" -> new Fault(at, reason, "Duplicate value: " + quoted(type));
            default -> Fault.invalid(at, quoted(type), said);
        };
    }

    private String said(Map<String, ?> variables, Budget budget) {
        if (messageExpression.isEmpty()) {
            return message;
        }
        try {
            return messageExpression.get().value(variables, budget) instanceof String said
                            && !said.isBlank()
                            && !said.contains("\n")
                    ? said
                    : message;
        } catch (ExpressionException e) {
            return message; // as in Kubernetes: then the other message is said
        }
    }

    private static Before before(String text, JsonNode json) {
        if (!OLD.matcher(LITERAL.matcher(text).replaceAll("''")).find()) {
            return Before.NONE;
        }
        return json.path("optionalOldSelf").asBoolean(false) ? Before.OPTIONAL : Before.VALUE;
    }

    private static Optional<Expression> compile(
            String at,
            String text,
            Expression.Result result,
            SelfLanguage language,
            Before before,
            List<Fault> faults) {
        try {
            return Optional.of(language.compile(text, result, before));
        } catch (ExpressionException e) {
            faults.add(Fault.invalid(at, quoted(text), e.getMessage()));
            return Optional.empty();
        }
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
