package dev.weft.apiserver.rest;

import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code labelSelector} and {@code fieldSelector}. */
final class Selector {

    private static final Pattern SET = Pattern.compile("([^\\s!=,()]+)\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EQUALITY = Pattern.compile("([^\\s!=,()]+)\\s*(==|!=|=)\\s*([^\\s!=,()]*)");
    private static final Pattern EXISTS = Pattern.compile("(!?)\\s*([^\\s!=,()]+)");

    private static final Pattern FIELD = Pattern.compile("([A-Za-z0-9_.-]+)(==|!=|=)(.*)");

    /** What can be selected by, beside {@code metadata.name} and {@code metadata.namespace}. */
    private static final Map<Kind, Set<String>> FIELDS = Map.of(
            Kinds.EVENT,
                    Set.of(
                            "involvedObject.kind",
                            "involvedObject.namespace",
                            "involvedObject.name",
                            "involvedObject.uid",
                            "involvedObject.apiVersion",
                            "involvedObject.resourceVersion",
                            "involvedObject.fieldPath",
                            "reason",
                            "type"),
            Kinds.POD,
                    Set.of(
                            "spec.nodeName",
                            "spec.restartPolicy",
                            "spec.serviceAccountName",
                            "status.phase",
                            "status.podIP"),
            Kinds.SECRET, Set.of("type"),
            Kinds.NAMESPACE, Set.of("status.phase"),
            Kinds.SERVICE, Set.of("spec.clusterIP", "spec.type"));

    private Selector() {}

    /** What a request selects by its query. */
    static Predicate<Resource> of(Exchange exchange, Target target) {
        Kind kind = target.kind().kind();
        Set<String> fields = new HashSet<>(FIELDS.getOrDefault(kind, Set.of()));
        fields.addAll(List.of("metadata.name", "metadata.namespace"));
        fields.addAll(target.kind().selectable(target.version()));
        return labels(exchange.query("labelSelector")).and(fields(fields, exchange.query("fieldSelector")));
    }

    /** The one name that a field selector lets through, whose role may speak of it alone; empty when there is none. */
    static String name(String fields) {
        for (String term : terms(fields)) {
            Matcher equality = FIELD.matcher(term);
            if (equality.matches()
                    && equality.group(1).equals("metadata.name")
                    && !equality.group(2).equals("!=")) {
                return equality.group(3);
            }
        }
        return "";
    }

    private static Predicate<Resource> labels(String text) {
        Predicate<Resource> all = resource -> true;
        for (String term : terms(text)) {
            all = all.and(label(term));
        }
        return all;
    }

    private static Predicate<Resource> label(String term) {
        Matcher set = SET.matcher(term);
        if (set.matches()) {
            String name = set.group(1);
            List<String> values = Arrays.stream(set.group(3).split(",", -1))
                    .map(String::strip)
                    .toList();
            boolean in = set.group(2).equals("in");
            return resource -> {
                String value = resource.labels().get(name);
                return in == (value != null && values.contains(value));
            };
        }
        Matcher equality = EQUALITY.matcher(term);
        if (equality.matches()) {
            String name = equality.group(1);
            String wanted = equality.group(3);
            boolean equal = !equality.group(2).equals("!=");
            return resource -> equal == wanted.equals(resource.labels().get(name));
        }
        Matcher exists = EXISTS.matcher(term);
        if (exists.matches()) {
            boolean wanted = exists.group(1).isEmpty();
            return resource -> wanted == resource.labels().containsKey(exists.group(2));
        }
        throw ApiException.badRequest("unable to parse requirement of the label selector: \"" + term + "\"");
    }

    private static Predicate<Resource> fields(Set<String> known, String text) {
        Predicate<Resource> all = resource -> true;
        for (String term : terms(text)) {
            Matcher equality = FIELD.matcher(term);
            if (!equality.matches()) {
                throw ApiException.badRequest("unable to parse requirement of the field selector: \"" + term + "\"");
            }
            String field = equality.group(1);
            if (!known.contains(field)) {
                throw ApiException.badRequest("field label not supported: " + field);
            }
            String pointer = "/" + field.replace('.', '/');
            boolean equal = !equality.group(2).equals("!=");
            String wanted = equality.group(3);
            all = all.and(
                    resource -> equal == wanted.equals(resource.at(pointer).asString("")));
        }
        return all;
    }

    /** Splits at the commas that stand outside of parentheses. */
    private static List<String> terms(String text) {
        List<String> terms = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && (depth == 0 || i == text.length())) {
                String term = text.substring(start, i).strip();
                if (!term.isEmpty()) {
                    terms.add(term);
                }
                start = i + 1;
            }
        }
        return terms;
    }
}
