package dev.weft.runtime.host;

import java.util.Locale;
import java.util.function.Function;

/** Answers in capitals; fails when it is asked to; has nothing to say to nothing. */
public final class Shout implements Function<String, String> {

    @Override
    public String apply(String body) {
        if (body.equals("fail")) {
            throw new IllegalArgumentException("as you wish");
        }
        return body.toUpperCase(Locale.ROOT) + "!";
    }
}
