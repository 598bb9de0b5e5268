package dev.weft.apiserver;

import dev.weft.apiserver.access.User;
import dev.weft.apiserver.rest.Api;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Lets nobody in without a token, but for asking whether the server lives and which it is; notes whose token it is. */
final class TokenGate extends Handler.Wrapper {

    private static final Set<String> OPEN = Set.of("/healthz", "/livez", "/readyz", "/version");
    private static final User ANONYMOUS = new User("system:anonymous", "", java.util.List.of("system:unauthenticated"));

    private final Authentication authentication;

    TokenGate(Authentication authentication, Handler inside) {
        super(inside);
        this.authentication = authentication;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<User> user = authentication.of(request);
        if (user.isEmpty() && !OPEN.contains(Request.getPathInContext(request))) {
            Api.unauthorized(request, response, callback);
            return true;
        }
        if (Authentication.lacksUser(request)) {
            Api.badRequest(request, response, callback, "Impersonate-User is missing beside other Impersonate headers");
            return true;
        }
        request.setAttribute(Api.USER, user.orElse(ANONYMOUS));
        return super.handle(request, response, callback);
    }
}
