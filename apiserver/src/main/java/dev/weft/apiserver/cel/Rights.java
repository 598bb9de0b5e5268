package dev.weft.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.weft.apiserver.access.Rules;
import dev.weft.apiserver.access.User;
import dev.weft.apiserver.access.Wish;
import dev.weft.resources.Kind;
import java.util.List;
import java.util.Map;

/** What expressions ask about rights: {@code authorizer.group('apps').resource('deployments').check('create').allowed()}. */
public final class Rights {

    static final String AUTHORIZER_NAME = "kubernetes.authorization.Authorizer";
    static final String PATH_NAME = "kubernetes.authorization.PathCheck";
    static final String GROUP_NAME = "kubernetes.authorization.GroupCheck";
    static final String RESOURCE_NAME = "kubernetes.authorization.ResourceCheck";
    static final String DECISION_NAME = "kubernetes.authorization.Decision";

    private static final String AUTHORIZER_VARIABLE = "authorizer";
    private static final String RESOURCE_VARIABLE = "authorizer.requestResource";

    private static final CelType AUTHORIZER = OpaqueType.create(AUTHORIZER_NAME);
    private static final CelType PATH = OpaqueType.create(PATH_NAME);
    private static final CelType GROUP = OpaqueType.create(GROUP_NAME);
    private static final CelType RESOURCE = OpaqueType.create(RESOURCE_NAME);
    private static final CelType DECISION = OpaqueType.create(DECISION_NAME);
    private static final CelType TEXT = SimpleType.STRING;

    record Authorizer(Rules rules, User user) {

        Decision ask(Wish wish) {
            return new Decision(rules.allow(user, wish));
        }
    }

    record PathCheck(Authorizer authorizer, String path) {}

    record GroupCheck(Authorizer authorizer, String group) {}

    /** Everything but the verb. */
    record ResourceCheck(Authorizer authorizer, Wish wish) {}

    record Decision(boolean allowed) {}

    private Rights() {}

    /**
     * The variables of a request: whoever asks, and what they are about to write.
     *
     * @param namespace empty for what is in none
     */
    public static Map<String, Object> of(
            Rules rules, User user, Kind kind, String subresource, String namespace, String name) {
        Authorizer authorizer = new Authorizer(rules, user);
        Wish wish = new Wish("", kind.group(), kind.plural(), subresource, namespace, name, "");
        return Map.of(AUTHORIZER_VARIABLE, authorizer, RESOURCE_VARIABLE, new ResourceCheck(authorizer, wish));
    }

    static Map<String, CelType> variables() {
        return Map.of(AUTHORIZER_VARIABLE, AUTHORIZER, RESOURCE_VARIABLE, RESOURCE);
    }

    static void declare(Library library) {
        library.member("path", PATH, List.of(AUTHORIZER, TEXT), it -> new PathCheck((Authorizer) it[0], text(it[1])));
        library.member(
                "group", GROUP, List.of(AUTHORIZER, TEXT), it -> new GroupCheck((Authorizer) it[0], text(it[1])));
        library.member("serviceAccount", AUTHORIZER, List.of(AUTHORIZER, TEXT, TEXT), it -> {
            String name = "system:serviceaccount:" + it[1] + ":" + it[2];
            User account = User.impersonated(name, "", List.of(), Map.of());
            return new Authorizer(((Authorizer) it[0]).rules(), account);
        });
        library.member("resource", RESOURCE, List.of(GROUP, TEXT), it -> {
            GroupCheck group = (GroupCheck) it[0];
            return new ResourceCheck(group.authorizer(), new Wish("", group.group(), text(it[1]), "", "", "", ""));
        });
        part(
                library,
                "subresource",
                (wish, text) -> new Wish("", wish.group(), wish.resource(), text, wish.namespace(), wish.name(), ""));
        part(
                library,
                "namespace",
                (wish, text) -> new Wish("", wish.group(), wish.resource(), wish.subresource(), text, wish.name(), ""));
        part(
                library,
                "name",
                (wish, text) ->
                        new Wish("", wish.group(), wish.resource(), wish.subresource(), wish.namespace(), text, ""));
        part(library, "fieldSelector", (wish, text) -> wish); // roles do not speak of selectors
        part(library, "labelSelector", (wish, text) -> wish);
        library.member("check", DECISION, List.of(PATH, TEXT), it -> {
            PathCheck check = (PathCheck) it[0];
            return check.authorizer().ask(new Wish(text(it[1]), "", "", "", "", "", check.path()));
        });
        library.member("check", DECISION, List.of(RESOURCE, TEXT), it -> {
            ResourceCheck check = (ResourceCheck) it[0];
            return check.authorizer().ask(with(check.wish(), text(it[1])));
        });
        library.member("allowed", SimpleType.BOOL, List.of(DECISION), it -> ((Decision) it[0]).allowed());
        library.member("errored", SimpleType.BOOL, List.of(DECISION), it -> false);
        library.member("error", TEXT, List.of(DECISION), it -> "");
        library.member("reason", TEXT, List.of(DECISION), it -> "");
    }

    private interface Change {
        Wish of(Wish wish, String text);
    }

    private static void part(Library library, String name, Change change) {
        library.member(name, RESOURCE, List.of(RESOURCE, TEXT), it -> {
            ResourceCheck check = (ResourceCheck) it[0];
            return new ResourceCheck(check.authorizer(), change.of(check.wish(), text(it[1])));
        });
    }

    private static Wish with(Wish wish, String verb) {
        return new Wish(
                verb, wish.group(), wish.resource(), wish.subresource(), wish.namespace(), wish.name(), wish.path());
    }

    private static String text(Object argument) {
        return (String) argument;
    }
}
