package dev.weft.apiserver.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * As whom somebody asks instead of as themselves. Kubernetes wants the verb {@code impersonate} for each thing that they
 * claim to be: the user or the service account, every group, the uid, everything else that is said of them.
 *
 * @param uid empty where none is said
 * @param extra by their names
 */
public record Impersonation(String name, String uid, List<String> groups, Map<String, List<String>> extra) {

    private static final String VERB = "impersonate";
    private static final String AUTHENTICATION = "authentication.k8s.io";
    private static final String ACCOUNT = "system:serviceaccount:";

    public Impersonation {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    /** What is not allowed of it, the first; empty when all is. */
    public Optional<Wish> refused(User user, Rules rules) {
        return wishes().stream().filter(wish -> !rules.allow(user, wish)).findFirst();
    }

    /** Who they are then. */
    public User user() {
        return User.impersonated(name, uid, groups, extra);
    }

    private List<Wish> wishes() {
        List<Wish> wishes = new ArrayList<>();
        String[] parts = name.split(":", -1);
        wishes.add(
                name.startsWith(ACCOUNT) && parts.length == 4
                        ? new Wish(VERB, "", "serviceaccounts", "", parts[2], parts[3], "")
                        : wish("", "users", "", name));
        groups.forEach(group -> wishes.add(wish("", "groups", "", group)));
        if (!uid.isEmpty()) {
            wishes.add(wish(AUTHENTICATION, "uids", "", uid));
        }
        extra.forEach(
                (key, values) -> values.forEach(value -> wishes.add(wish(AUTHENTICATION, "userextras", key, value))));
        return wishes;
    }

    private static Wish wish(String group, String resource, String subresource, String name) {
        return new Wish(VERB, group, resource, subresource, "", name, "");
    }
}
