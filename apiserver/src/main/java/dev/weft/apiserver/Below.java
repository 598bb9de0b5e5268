package dev.weft.apiserver;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Gives a handler the requests whose path is a prefix or goes on below it with a {@code /}; the path stays whole. */
final class Below extends Handler.Wrapper {

    private final String prefix;

    /** @param prefix without a slash at its end, or with one that is left away */
    Below(String prefix, Handler inside) {
        super(inside);
        this.prefix = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return covers(Request.getPathInContext(request)) && super.handle(request, response, callback);
    }

    boolean covers(String path) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }
}
