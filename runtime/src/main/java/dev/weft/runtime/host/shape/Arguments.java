package dev.weft.runtime.host.shape;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands for an interface's type variables in a class that implements it, perhaps far below. */
final class Arguments {

    private Arguments() {}

    /** Object where nothing is said, as of a lambda. */
    static Type of(Type declared, Class<?> wanted, int index) {
        Type found = find(declared, wanted, index, Map.of());
        return found == null || found instanceof TypeVariable<?> ? Object.class : found;
    }

    private static @Nullable Type find(
            @Nullable Type type, Class<?> wanted, int index, Map<TypeVariable<?>, Type> known) {
        if (type == null) {
            return null;
        }
        Class<?> raw;
        Map<TypeVariable<?>, Type> inside = new HashMap<>(known);
        if (type instanceof ParameterizedType generic) {
            raw = (Class<?>) generic.getRawType();
            TypeVariable<?>[] variables = raw.getTypeParameters();
            for (int i = 0; i < variables.length; i++) {
                inside.put(variables[i], resolved(generic.getActualTypeArguments()[i], known));
            }
        } else if (type instanceof Class<?> plain) {
            raw = plain;
        } else {
            return null;
        }
        if (raw == wanted) {
            return resolved(wanted.getTypeParameters()[index], inside);
        }
        for (Type implemented : raw.getGenericInterfaces()) {
            Type found = find(implemented, wanted, index, inside);
            if (found != null) {
                return found;
            }
        }
        return find(raw.getGenericSuperclass(), wanted, index, inside);
    }

    private static Type resolved(Type type, Map<TypeVariable<?>, Type> known) {
        return switch (type) {
            case TypeVariable<?> variable -> known.getOrDefault(variable, variable);
            case WildcardType wildcard when wildcard.getLowerBounds().length > 0 -> wildcard.getLowerBounds()[0];
            case WildcardType wildcard -> wildcard.getUpperBounds()[0];
            default -> type;
        };
    }
}
