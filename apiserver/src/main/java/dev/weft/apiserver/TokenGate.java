package dev.weft.apiserver;

import dev.weft.apiserver.rest.Api;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Lets nobody in without the token, but for asking whether the server lives and which it is. */
final class TokenGate extends Handler.Wrapper {

    private static final Set<String> OPEN = Set.of("/healthz", "/livez", "/readyz", "/version");

    private final Token token;

    TokenGate(Token token, Handler inside) {
        super(inside);
        this.token = token;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        boolean allowed = OPEN.contains(Request.getPathInContext(request))
                || token.isIn(request.getHeaders().get(HttpHeader.AUTHORIZATION));
        if (allowed) {
            return super.handle(request, response, callback);
        }
        Api.unauthorized(request, response, callback);
        return true;
    }
}
