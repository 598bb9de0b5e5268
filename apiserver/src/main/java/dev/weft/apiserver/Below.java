package dev.weft.apiserver;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Gives a handler the requests whose path begins with a prefix; the path stays whole. */
final class Below extends Handler.Wrapper {

    private final String prefix;

    Below(String prefix, Handler inside) {
        super(inside);
        this.prefix = prefix;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return Request.getPathInContext(request).startsWith(prefix) && super.handle(request, response, callback);
    }
}
