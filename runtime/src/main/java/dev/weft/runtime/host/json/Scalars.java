package dev.weft.runtime.host.json;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.UUID;

/** Types of the JDK that are text in JSON: times, addresses, identifiers. */
final class Scalars {

    private Scalars() {}

    static boolean known(Class<?> type) {
        return type.getPackageName().equals("java.time") || type == URI.class || type == UUID.class;
    }

    static Object read(Class<?> type, String text) throws JsonProblem {
        try {
            return switch (type.getSimpleName()) {
                case "URI" -> URI.create(text);
                case "UUID" -> UUID.fromString(text);
                case "ZoneId", "ZoneOffset" ->
                    type.getMethod("of", String.class).invoke(null, text);
                default -> parse(type).invoke(null, text);
            };
        } catch (IllegalArgumentException | ReflectiveOperationException e) {
            String why = e instanceof InvocationTargetException ? String.valueOf(e.getCause()) : e.toString();
            throw new JsonProblem("\"" + text + "\" is no " + type.getSimpleName() + ": " + why);
        }
    }

    private static Method parse(Class<?> type) throws NoSuchMethodException {
        return type.getMethod("parse", CharSequence.class);
    }
}
