package dev.weft.apiserver;

import dev.weft.apiserver.access.Impersonation;
import dev.weft.apiserver.access.Rules;
import dev.weft.apiserver.access.User;
import dev.weft.apiserver.access.Wish;
import dev.weft.apiserver.rest.Api;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets nobody in without a token, but for asking whether the server lives and which it is; notes whose token it is, or as
 * whom they ask when they may.
 */
final class TokenGate extends Handler.Wrapper {

    private static final Set<String> OPEN = Set.of("/healthz", "/livez", "/readyz", "/version");

    private final Authentication authentication;
    private final Rules rules;

    TokenGate(Authentication authentication, Rules rules, Handler inside) {
        super(inside);
        this.authentication = authentication;
        this.rules = rules;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<User> user = authentication.of(request);
        if (user.isEmpty() && !OPEN.contains(Request.getPathInContext(request))) {
            Api.unauthorized(request, response, callback);
            return true;
        }
        User real = user.orElse(User.NOBODY);
        request.setAttribute(Api.USER, real);
        if (Authentication.lacksUser(request)) {
            Api.badRequest(request, response, callback, "Impersonate-User is missing beside other Impersonate headers");
            return true;
        }
        Optional<Impersonation> as = Authentication.impersonation(request);
        Optional<Wish> refused = as.flatMap(it -> it.refused(real, rules));
        if (refused.isPresent()) {
            Api.forbidden(request, response, callback, refused.get());
            return true;
        }
        as.ifPresent(it -> request.setAttribute(Api.USER, it.user()));
        return super.handle(request, response, callback);
    }
}
