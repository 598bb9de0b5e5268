package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.HttpServing;
import dev.weft.runtime.host.http.Request;
import dev.weft.runtime.host.http.Response;
import java.util.Set;

/** What all handlers of the Functions Framework do alike: browsers' own requests are no calls, failures have no body. */
interface Framework extends HttpServing.Terse {

    Set<String> NOBODYS = Set.of("/favicon.ico", "/robots.txt");

    void call(Request request, Response response) throws Throwable;

    @Override
    default void failed(Response response) {
        response.set("Cache-Control", "must-revalidate,no-cache,no-store");
    }

    @Override
    default void handle(Request request, Response response) throws Throwable {
        if (NOBODYS.contains(request.path())) {
            response.status(404);
        } else {
            call(request, response);
        }
    }
}
