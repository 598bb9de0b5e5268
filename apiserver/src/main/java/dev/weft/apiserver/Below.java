package dev.weft.apiserver;

import dev.weft.apiserver.access.User;
import dev.weft.apiserver.rest.Api;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Gives a handler the requests whose path is a prefix or goes on below it with a {@code /}; the path stays whole. Whoever may
 * not do everything gets a 403: no role speaks of these paths.
 */
final class Below extends Handler.Wrapper {

    private final String prefix;

    /** @param prefix without a slash at its end, or with one that is left away */
    Below(String prefix, Handler inside) {
        super(inside);
        this.prefix = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!covers(Request.getPathInContext(request))) {
            return false;
        }
        boolean owner = request.getAttribute(Api.USER) instanceof User user && user.mayDoEverything();
        if (!owner) {
            Api.forbidden(request, response, callback);
            return true;
        }
        return super.handle(request, response, callback);
    }

    boolean covers(String path) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }
}
