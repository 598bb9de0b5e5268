package dev.weft.apiserver.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who asks.
 *
 * @param name for example {@code system:serviceaccount:shop:till}
 * @param uid empty where there is none
 * @param extra what else was said of somebody as whom another one asks
 */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {

    private static final String MASTERS = "system:masters";
    private static final String AUTHENTICATED = "system:authenticated";
    private static final String UNAUTHENTICATED = "system:unauthenticated";
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final String ANONYMOUS = "system:anonymous";

    /** Whoever has no token. */
    public static final User NOBODY = new User(ANONYMOUS, "", List.of(UNAUTHENTICATED));

    /** Whoever has the token of the kubeconfig: may do everything. */
    public static final User OWNER = new User("weft", "", List.of(MASTERS, AUTHENTICATED));

    public User {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    User(String name, String uid, List<String> groups) {
        this(name, uid, groups, Map.of());
    }

    static User serviceAccount(String namespace, String name, String uid) {
        List<String> groups = List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace, AUTHENTICATED);
        return new User(ACCOUNT + namespace + ":" + name, uid, groups);
    }

    /** As whom somebody is seen who asks as another one; a service account has its groups. */
    public static User impersonated(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
        String[] parts = name.split(":", -1);
        if (groups.isEmpty() && name.startsWith(ACCOUNT) && parts.length == 4) {
            return new User(name, uid, serviceAccount(parts[2], parts[3], uid).groups(), extra);
        }
        List<String> all = new ArrayList<>(groups);
        String everybody = name.equals(ANONYMOUS) ? UNAUTHENTICATED : AUTHENTICATED;
        if (!all.contains(everybody)) {
            all.add(everybody);
        }
        return new User(name, uid, all, extra);
    }

    /** Whether no rule has to be asked. */
    public boolean mayDoEverything() {
        return groups.contains(MASTERS);
    }
}
