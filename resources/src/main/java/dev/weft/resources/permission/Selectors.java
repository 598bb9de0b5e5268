package dev.weft.resources.permission;

import dev.weft.resources.core.LabelSelector;
import dev.weft.resources.reading.Fields;
import java.util.List;

/** Label selectors, and the rules of admission that choose resources. */
final class Selectors {

    private static final List<String> OPERATIONS = List.of("*", "CREATE", "UPDATE", "DELETE", "CONNECT");

    private Selectors() {}

    static boolean labels(Fields selector) {
        return LabelSelector.check(selector);
    }

    /** {@code matchConstraints}, {@code matchResources}. */
    static boolean resources(Fields match) {
        match.objects("resourceRules", Selectors::rule);
        match.objects("excludeResourceRules", Selectors::rule);
        selected(match);
        return true;
    }

    static void selected(Fields match) {
        match.object("namespaceSelector", Selectors::labels);
        match.object("objectSelector", Selectors::labels);
        match.word("matchPolicy", List.of("Exact", "Equivalent"));
    }

    static boolean rule(Fields rule) {
        for (String list : List.of("apiGroups", "apiVersions", "operations", "resources")) {
            if (rule.texts(list).isEmpty()) {
                rule.missing(list, "a list; [\"*\"] means all");
            }
        }
        int index = 0;
        for (String operation : rule.texts("operations")) {
            if (!OPERATIONS.contains(operation)) {
                rule.invalid(
                        "operations[" + index + "]",
                        "\"" + operation + "\" is no operation.",
                        "Write one of " + String.join(", ", OPERATIONS) + ".");
            }
            index++;
        }
        rule.texts("resourceNames");
        rule.word("scope", List.of("*", "Cluster", "Namespaced"));
        return true;
    }

    /** {@code matchConditions}. */
    static boolean condition(Fields condition) {
        condition.requiredText("name");
        condition.requiredText("expression");
        return true;
    }
}
