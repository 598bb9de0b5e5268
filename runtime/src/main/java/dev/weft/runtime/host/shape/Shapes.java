package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Handler;
import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Finds out what a class is. */
public final class Shapes {

    private Shapes() {}

    /**
     * Makes the function and the handler that calls it.
     *
     * @param member after {@code Class::} where the class has several functions: a method's or a bean's name
     */
    public static Handler of(Class<?> type, Optional<String> member) throws Unsuitable {
        Set<String> names = new LinkedHashSet<>();
        addNames(type, names);
        if (names.contains(GoogleHttp.NAME)) {
            return new GoogleHttp(made(type));
        }
        if (names.contains(GoogleTyped.NAME)) {
            return new GoogleTyped(made(type));
        }
        Optional<GoogleEvents.Kind> events = GoogleEvents.Kind.among(names);
        if (events.isPresent()) {
            return new GoogleEvents(events.get(), made(type));
        }
        if (names.contains(OpenFaas.NAME)) {
            return new OpenFaas(made(type));
        }
        if (names.contains(Lambda.NAME) || names.contains(Lambda.STREAM_NAME)) {
            return new Lambda(made(type), names.contains(Lambda.STREAM_NAME), member);
        }
        if (names.stream().anyMatch(Plain.NAMES::contains)) {
            return new Plain(type, made(type));
        }
        if (Funqy.is(type)) {
            return Funqy.of(made(type), member);
        }
        if (SpringBeans.is(type)) {
            return SpringBeans.of(made(type), member);
        }
        throw new Unsuitable(
                "the class is none of these: java.util.function.Function, Supplier or Consumer; HttpFunction,"
                        + " TypedFunction, CloudEventsFunction, BackgroundFunction or RawBackgroundFunction of"
                        + " com.google.cloud.functions; com.amazonaws.services.lambda.runtime.RequestHandler;"
                        + " com.openfaas.model.IHandler; nor has it a method with @Funq, or with @Bean that makes a function");
    }

    /** A new instance. */
    static Object made(Class<?> type) throws Unsuitable {
        try {
            return type.getConstructor().newInstance();
        } catch (NoSuchMethodException e) {
            throw new Unsuitable("the class has no public constructor without parameters");
        } catch (InvocationTargetException e) {
            throw new Unsuitable("its constructor has failed", e.getCause() == null ? e : e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new Unsuitable("it cannot be made", e);
        }
    }

    private static void addNames(Class<?> type, Set<String> names) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            names.add(each.getName());
            for (Class<?> implemented : each.getInterfaces()) {
                addNames(implemented, names);
            }
        }
    }
}
