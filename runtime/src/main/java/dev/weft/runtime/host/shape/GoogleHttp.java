package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Request;
import dev.weft.runtime.host.http.Response;
import java.lang.reflect.Method;

/** The Functions Framework's {@code HttpFunction}. */
final class GoogleHttp implements Framework {

    static final String NAME = "com.google.cloud.functions.HttpFunction";

    private final Object function;
    private final GoogleMessages messages;
    private final Method method;

    GoogleHttp(Object function) throws Unsuitable {
        this.function = function;
        this.messages = new GoogleMessages(function.getClass().getClassLoader());
        this.method = Foreign.method(function.getClass(), "service", 2);
    }

    @Override
    public void call(Request request, Response response) throws Throwable {
        GoogleMessages.Answered answered = messages.response(response);
        Object given;
        try {
            given = messages.request(request);
        } catch (Exchanged.Unfit e) {
            Exchanged.refuse(e, response);
            return;
        }
        Foreign.call(method, function, given, answered.response());
        answered.finish();
    }
}
