package dev.weft.runtime.host;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A function as the host calls it: text in, text out; null for nothing. */
interface TextFunction {

    @Nullable
    String answer(String body);

    /** Wraps what the class turned out to be. */
    @SuppressWarnings("unchecked") // a function of other types than String fails at its first call, with a log line
    static TextFunction of(Object made) throws FunctionHost.Refusal {
        return switch (made) {
            case Function<?, ?> function -> body -> text(((Function<Object, Object>) function).apply(body));
            case Supplier<?> supplier -> body -> text(supplier.get());
            case Consumer<?> consumer ->
                body -> {
                    ((Consumer<Object>) consumer).accept(body);
                    return null;
                };
            default ->
                throw new FunctionHost.Refusal("the class implements none of java.util.function.Function, Supplier and"
                        + " Consumer, of String");
        };
    }

    private static @Nullable String text(@Nullable Object answer) {
        return answer == null ? null : answer.toString();
    }
}
