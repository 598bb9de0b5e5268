package dev.weft.runtime.host.http;

/** Answers requests; whatever it throws is an answer of status 500, if none has begun. */
@FunctionalInterface
public interface Handler {

    void handle(Request request, Response response) throws Throwable;
}
