package dev.weft.apiserver.access;

import java.util.List;

/**
 * Who asks.
 *
 * @param name for example {@code system:serviceaccount:shop:till}
 * @param uid empty where there is none
 */
public record User(String name, String uid, List<String> groups) {

    private static final String MASTERS = "system:masters";
    private static final String AUTHENTICATED = "system:authenticated";
    private static final String ACCOUNT = "system:serviceaccount:";

    /** Whoever has the token of the kubeconfig: may do everything. */
    public static final User OWNER = new User("weft", "", List.of(MASTERS, AUTHENTICATED));

    public User {
        groups = List.copyOf(groups);
    }

    static User serviceAccount(String namespace, String name, String uid) {
        List<String> groups = List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace, AUTHENTICATED);
        return new User(ACCOUNT + namespace + ":" + name, uid, groups);
    }

    /** As whom the owner wants to be seen; a service account has its groups. */
    public static User impersonated(String name, List<String> groups) {
        String[] parts = name.split(":", -1);
        if (groups.isEmpty() && name.startsWith(ACCOUNT) && parts.length == 4) {
            return serviceAccount(parts[2], parts[3], "");
        }
        List<String> all = new java.util.ArrayList<>(groups);
        if (!all.contains(AUTHENTICATED)) {
            all.add(AUTHENTICATED);
        }
        return new User(name, "", all);
    }

    /** Whether no rule has to be asked. */
    public boolean mayDoEverything() {
        return groups.contains(MASTERS);
    }
}
