package dev.weft.apiserver;

import dev.weft.apiserver.access.AccountTokens;
import dev.weft.apiserver.access.Impersonation;
import dev.weft.apiserver.access.User;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** Finds out who asks: whoever has the token of the kubeconfig, or the token of a service account. */
final class Authentication {

    private static final String SCHEME = "Bearer ";
    private static final String AS = "Impersonate-User";
    private static final String ANY_AS = "Impersonate-";
    private static final String AS_GROUP = "Impersonate-Group";
    private static final String AS_UID = "Impersonate-Uid";
    private static final String AS_EXTRA = "Impersonate-Extra-";

    private final Token owner;
    private final AccountTokens accounts;

    Authentication(Token owner, AccountTokens accounts) {
        this.owner = owner;
        this.accounts = accounts;
    }

    /** Whose token it is; empty without one that is good. */
    Optional<User> of(Request request) {
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        return ofToken(authorization.substring(SCHEME.length()).strip());
    }

    /** As whom it is asked; empty when it is asked as whoever has the token. */
    static Optional<Impersonation> impersonation(Request request) {
        String as = request.getHeaders().get(AS);
        if (as == null) {
            return Optional.empty();
        }
        Map<String, List<String>> extra = new LinkedHashMap<>();
        for (HttpField field : request.getHeaders()) {
            String name = field.getName();
            if (name.regionMatches(true, 0, AS_EXTRA, 0, AS_EXTRA.length()) && field.getValue() != null) {
                extra.computeIfAbsent(key(name.substring(AS_EXTRA.length())), key -> new ArrayList<>())
                        .add(field.getValue());
            }
        }
        String uid = request.getHeaders().get(AS_UID);
        List<String> groups = request.getHeaders().getValuesList(AS_GROUP);
        return Optional.of(new Impersonation(as, uid == null ? "" : uid, groups, extra));
    }

    /** Lower case, and decoded where that can be. */
    private static String key(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        try {
            return URLDecoder.decode(lower.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return lower;
        }
    }

    /** Whether it says something of somebody and not who: then nobody knows as whom it is asked. */
    static boolean lacksUser(Request request) {
        return !request.getHeaders().contains(AS)
                && request.getHeaders().stream()
                        .anyMatch(field -> field.getName().regionMatches(true, 0, ANY_AS, 0, ANY_AS.length()));
    }

    Optional<User> ofToken(String token) {
        return owner.is(token) ? Optional.of(User.OWNER) : accounts.user(token);
    }
}
