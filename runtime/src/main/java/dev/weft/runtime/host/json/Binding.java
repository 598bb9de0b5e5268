package dev.weft.runtime.host.json;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What {@link JsonReader} read, as the type that somebody wants. Names that the type does not have are passed over. */
public final class Binding {

    private final Dialect dialect;

    public Binding(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Reads text and binds it. */
    public @Nullable Object read(String text, Type type) throws JsonProblem {
        return bind(JsonReader.read(text), type);
    }

    /** A type that is a variable is taken for Object. */
    public @Nullable Object bind(@Nullable Object tree, Type type) throws JsonProblem {
        return switch (type) {
            case Class<?> plain -> bindClass(tree, plain);
            case ParameterizedType generic -> bindGeneric(tree, generic);
            case WildcardType wildcard -> bind(tree, wildcard.getUpperBounds()[0]);
            case GenericArrayType array -> array(tree, array.getGenericComponentType());
            default -> untyped(tree);
        };
    }

    private @Nullable Object bindGeneric(@Nullable Object tree, ParameterizedType type) throws JsonProblem {
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] arguments = type.getActualTypeArguments();
        if (raw == Optional.class) {
            return Optional.ofNullable(bind(tree, arguments[0]));
        }
        if (tree == null) {
            return null;
        }
        if (Collection.class.isAssignableFrom(raw) || raw == Iterable.class) {
            return collection(tree, raw, arguments[0]);
        }
        if (Map.class.isAssignableFrom(raw) && arguments.length == 2) {
            return map(tree, raw, arguments[0], arguments[1]);
        }
        return bindClass(tree, raw);
    }

    private @Nullable Object bindClass(@Nullable Object tree, Class<?> type) throws JsonProblem {
        if (tree == null) {
            return type.isPrimitive() ? primitive(0, type) : null;
        }
        if (type == Object.class) {
            return untyped(tree);
        }
        if (tree instanceof Number number && (type.isPrimitive() || Number.class.isAssignableFrom(type))) {
            return primitive(number, type);
        }
        if (type == String.class || type == CharSequence.class) {
            return text(tree);
        }
        if (type == boolean.class || type == Boolean.class) {
            return expected(tree, Boolean.class, type);
        }
        if (tree instanceof String string) {
            return fromText(string, type);
        }
        if (type.isArray()) {
            return array(tree, type.getComponentType());
        }
        if (Collection.class.isAssignableFrom(type) || type == Iterable.class) {
            return collection(tree, type, Object.class);
        }
        if (Map.class.isAssignableFrom(type)) {
            return map(tree, type, String.class, Object.class);
        }
        return object(expected(tree, Map.class, type), type);
    }

    private static Object text(Object tree) throws JsonProblem {
        if (tree instanceof Map<?, ?> || tree instanceof List<?>) {
            throw new JsonProblem("text was expected, found " + kind(tree));
        }
        return tree.toString();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an enum's own class
    private Object fromText(String text, Class<?> type) throws JsonProblem {
        if (type.isEnum()) {
            try {
                return Enum.valueOf((Class) type, text);
            } catch (IllegalArgumentException e) {
                throw new JsonProblem("\"" + text + "\" is none of " + Arrays.toString(type.getEnumConstants()));
            }
        }
        if (type == byte[].class && dialect == Dialect.BEANS) {
            return bytes(text);
        }
        if ((type == char.class || type == Character.class) && text.length() == 1) {
            return text.charAt(0);
        }
        if (Scalars.known(type)) {
            return Scalars.read(type, text);
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            if (JsonReader.read(text) instanceof Number number) {
                return primitive(number, type);
            }
        }
        throw new JsonProblem(type.getSimpleName() + " was expected, found text");
    }

    private static byte[] bytes(String text) throws JsonProblem {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new JsonProblem("Base64 was expected, found text: " + e.getMessage());
        }
    }

    private static Object primitive(Number number, Class<?> type) throws JsonProblem {
        try {
            return converted(number, type);
        } catch (ArithmeticException | NumberFormatException e) { // the latter of one that no double can hold
            throw new JsonProblem(number + " is no " + type.getSimpleName());
        }
    }

    private static Object converted(Number number, Class<?> type) {
        return switch (type.getSimpleName()) {
            case "int", "Integer" -> whole(number).intValueExact();
            case "long", "Long" -> whole(number).longValueExact();
            case "short", "Short" -> whole(number).shortValueExact();
            case "byte", "Byte" -> whole(number).byteValueExact();
            case "double", "Double" -> number.doubleValue();
            case "float", "Float" -> number.floatValue();
            case "boolean" -> false;
            case "char" -> '\0';
            case "BigInteger" -> whole(number);
            case "BigDecimal" -> new BigDecimal(number.toString());
            default -> number;
        };
    }

    private static BigInteger whole(Number number) {
        return new BigDecimal(number.toString()).toBigIntegerExact();
    }

    private @Nullable Object untyped(@Nullable Object tree) throws JsonProblem {
        if (dialect == Dialect.BEANS) {
            return tree;
        }
        return switch (tree) {
            case Number number -> number.doubleValue();
            case Map<?, ?> map -> map(map, Map.class, String.class, Object.class);
            case List<?> list -> collection(list, List.class, Object.class);
            case null, default -> tree;
        };
    }

    private Object array(@Nullable Object tree, Type component) throws JsonProblem {
        List<?> list = expected(tree, List.class, Object[].class);
        Class<?> raw = component instanceof Class<?> plain
                ? plain
                : component instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : Object.class;
        Object array = Array.newInstance(raw, list.size());
        for (int i = 0; i < list.size(); i++) {
            Array.set(array, i, bind(list.get(i), component));
        }
        return array;
    }

    @SuppressWarnings("unchecked") // a collection that was just made
    private Object collection(Object tree, Class<?> type, Type element) throws JsonProblem {
        List<?> list = expected(tree, List.class, type);
        Collection<@Nullable Object> made;
        if (type.isInterface()) {
            made = Set.class.isAssignableFrom(type)
                    ? new LinkedHashSet<>()
                    : type.getSimpleName().endsWith("ue") ? new ArrayDeque<>() : new ArrayList<>(list.size());
        } else {
            made = (Collection<@Nullable Object>) make(type);
        }
        for (Object each : list) {
            Object bound = bind(each, element);
            if (bound == null && made instanceof ArrayDeque) {
                throw new JsonProblem(type.getSimpleName() + " has no place for null");
            }
            made.add(bound);
        }
        return made;
    }

    @SuppressWarnings("unchecked") // a map that was just made
    private Object map(Object tree, Class<?> type, Type key, Type value) throws JsonProblem {
        Map<?, ?> read = expected(tree, Map.class, type);
        Map<@Nullable Object, @Nullable Object> made;
        if (type.isInterface()) {
            made = type.getSimpleName().endsWith("edMap")
                            && !type.getSimpleName().startsWith("Seq")
                    ? new TreeMap<>()
                    : new LinkedHashMap<>();
        } else {
            made = (Map<@Nullable Object, @Nullable Object>) make(type);
        }
        for (Map.Entry<?, ?> entry : read.entrySet()) {
            made.put(bind(entry.getKey(), key), bind(entry.getValue(), value));
        }
        return made;
    }

    private Object object(Map<?, ?> tree, Class<?> type) throws JsonProblem {
        try {
            return type.isRecord() ? record(tree, type) : bean(tree, type);
        } catch (InvocationTargetException e) {
            throw new JsonProblem(type.getSimpleName() + " refuses it: " + e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new JsonProblem(type.getName() + " cannot be made from JSON: " + e);
        }
    }

    private Object record(Map<?, ?> tree, Class<?> type) throws JsonProblem, ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = member(tree, components[i].getName(), components[i].getGenericType());
        }
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private Object bean(Map<?, ?> tree, Class<?> type) throws JsonProblem, ReflectiveOperationException {
        Object bean = make(type);
        Map<String, Field> fields = Properties.fields(type);
        Map<String, Method> setters = dialect == Dialect.BEANS ? setters(type) : Map.of();
        for (Object key : tree.keySet()) {
            String name = String.valueOf(key);
            Method setter = setters.get(name);
            Field field = fields.get(name);
            if (setter != null) {
                setter.setAccessible(true);
                setter.invoke(bean, member(tree, name, setter.getGenericParameterTypes()[0]));
            } else if (field != null
                    && !(tree.get(key) == null && field.getType().isPrimitive())) {
                field.set(bean, member(tree, name, field.getGenericType()));
            }
        }
        return bean;
    }

    private @Nullable Object member(Map<?, ?> tree, String name, Type type) throws JsonProblem {
        try {
            return bind(tree.get(name), type);
        } catch (JsonProblem e) {
            throw new JsonProblem(name + ": " + e.getMessage());
        }
    }

    private static Map<String, Method> setters(Class<?> type) {
        Map<String, Method> setters = new LinkedHashMap<>();
        for (Method method : type.getMethods()) {
            String name = method.getName();
            if (name.startsWith("set") && name.length() > 3 && method.getParameterCount() == 1) {
                setters.put(Character.toLowerCase(name.charAt(3)) + name.substring(4), method);
            }
        }
        return setters;
    }

    private static Object make(Class<?> type) throws JsonProblem {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new JsonProblem(type.getName() + " has no constructor without parameters that works");
        }
    }

    private static <T> T expected(@Nullable Object tree, Class<T> kind, Class<?> type) throws JsonProblem {
        if (!kind.isInstance(tree)) {
            throw new JsonProblem(type.getSimpleName() + " was expected, found " + kind(tree));
        }
        return kind.cast(tree);
    }

    private static String kind(@Nullable Object tree) {
        return switch (tree) {
            case null -> "null";
            case Map<?, ?> _ -> "an object";
            case List<?> _ -> "an array";
            case String _ -> "text";
            case Number number -> "the number " + number;
            default -> tree.toString();
        };
    }
}
