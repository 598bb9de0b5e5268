package dev.weft.runtime.host.shape;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * One function with a name.
 *
 * @param input what it takes; {@code void.class} for nothing
 * @param answers false for a consumer, which is done when it returns
 */
record Step(String name, Type input, boolean answers, Call call) {

    /** Calls it with what {@link Step#input} says. */
    interface Call {
        @Nullable
        Object with(@Nullable Object input) throws Throwable;
    }

    /** This one, then another. */
    Step then(Step next) {
        return new Step(name + "," + next.name, input, next.answers, value -> next.call.with(call.with(value)));
    }
}
