package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Handler;
import dev.weft.runtime.host.http.Request;
import dev.weft.runtime.host.http.Response;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** A {@code Function}, {@code Consumer} or {@code Supplier} of the JDK, on every path. */
final class Plain implements Handler {

    static final Set<String> NAMES =
            Set.of(Function.class.getName(), Consumer.class.getName(), Supplier.class.getName());

    private final Step step;
    private final ClassLoader loader;

    Plain(Class<?> type, Object made) throws Unsuitable {
        this.step = step("", made, type);
        this.loader = type.getClassLoader();
    }

    /** @param declared what tells its types: its class, or the type of the method that has made it */
    @SuppressWarnings("unchecked") // what it takes is found out below
    static Step step(String name, Object made, Type declared) throws Unsuitable {
        return switch (made) {
            case Function<?, ?> function ->
                new Step(name, known(Arguments.of(declared, Function.class, 0)), true, ((Function<Object, Object>)
                        function)::apply);
            case Consumer<?> consumer ->
                new Step(name, known(Arguments.of(declared, Consumer.class, 0)), false, input -> {
                    ((Consumer<Object>) consumer).accept(input);
                    return null;
                });
            case Supplier<?> supplier -> new Step(name, void.class, true, _ -> supplier.get());
            default -> throw new Unsuitable(name + " is no Function, Consumer or Supplier");
        };
    }

    private static Type known(Type input) throws Unsuitable {
        if (input.getTypeName().startsWith("reactor.")
                || input.getTypeName().startsWith("org.springframework.messaging.")) {
            throw new Unsuitable("functions of " + input.getTypeName() + " need their framework around them: run the"
                    + " program itself, with jar: in the LocalImage");
        }
        return input;
    }

    @Override
    public void handle(Request request, Response response) throws Throwable {
        if (Health.asked(request)) {
            return;
        }
        Exchanged.serve(step, request, Optional.empty(), loader, response);
    }
}
