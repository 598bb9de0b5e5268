package dev.weft.apiserver;

import dev.weft.apiserver.access.AccountTokens;
import dev.weft.apiserver.access.User;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** Finds out who asks: whoever has the token of the kubeconfig, or the token of a service account. */
final class Authentication {

    private static final String SCHEME = "Bearer ";
    private static final String AS = "Impersonate-User";
    private static final String ANY_AS = "Impersonate-";
    private static final String AS_GROUP = "Impersonate-Group";

    private final Token owner;
    private final AccountTokens accounts;

    Authentication(Token owner, AccountTokens accounts) {
        this.owner = owner;
        this.accounts = accounts;
    }

    /**
     * Who asks; the owner may ask as somebody else.
     *
     * @return empty without a token that is good; so too for anybody else who asks as somebody else
     */
    Optional<User> of(Request request) {
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        Optional<User> user = ofToken(authorization.substring(SCHEME.length()).strip());
        String as = request.getHeaders().get(AS);
        if (as == null || user.isEmpty()) {
            return user;
        }
        List<String> groups = request.getHeaders().getValuesList(AS_GROUP);
        return user.filter(User::mayDoEverything).map(any -> User.impersonated(as, groups));
    }

    /** Whether it says in which groups somebody is and not who: then nobody knows as whom it is asked. */
    static boolean lacksUser(Request request) {
        return !request.getHeaders().contains(AS)
                && request.getHeaders().stream()
                        .anyMatch(field -> field.getName().regionMatches(true, 0, ANY_AS, 0, ANY_AS.length()));
    }

    Optional<User> ofToken(String token) {
        return owner.is(token) ? Optional.of(User.OWNER) : accounts.user(token);
    }
}
