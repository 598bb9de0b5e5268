package dev.weft.runtime.host.json;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an object says about itself: a record's components, a bean's properties, or fields. */
final class Properties {

    private Properties() {}

    static Map<String, @Nullable Object> of(Object value, Dialect dialect) {
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        try {
            if (value.getClass().isRecord()) {
                for (RecordComponent component : value.getClass().getRecordComponents()) {
                    Method accessor = component.getAccessor();
                    accessor.setAccessible(true);
                    properties.put(component.getName(), accessor.invoke(value));
                }
            } else if (dialect == Dialect.FIELDS) {
                addFields(value, properties);
            } else {
                addBean(value, properties);
            }
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("a property of " + value.getClass().getName() + " failed", e.getCause());
        } catch (IllegalAccessException | RuntimeException e) {
            throw new IllegalStateException(value.getClass().getName() + " cannot be written as JSON", e);
        }
        return properties;
    }

    /** Of the whole hierarchy, the outermost class's own first, as Gson does. */
    static Map<String, Field> fields(Class<?> type) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (!Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers) && !field.isSynthetic()) {
                    field.setAccessible(true);
                    fields.putIfAbsent(field.getName(), field);
                }
            }
        }
        return fields;
    }

    private static void addFields(Object value, Map<String, @Nullable Object> properties)
            throws IllegalAccessException {
        for (Map.Entry<String, Field> field : fields(value.getClass()).entrySet()) {
            properties.put(field.getKey(), field.getValue().get(value));
        }
    }

    private static void addBean(Object value, Map<String, @Nullable Object> properties)
            throws IllegalAccessException, InvocationTargetException {
        Map<String, Method> getters = getters(value.getClass());
        for (Map.Entry<String, Field> field : fields(value.getClass()).entrySet()) { // the order of the source
            Method getter = getters.remove(field.getKey());
            if (getter != null) {
                properties.put(field.getKey(), getter.invoke(value));
            } else if (Modifier.isPublic(field.getValue().getModifiers())) {
                properties.put(field.getKey(), field.getValue().get(value));
            }
        }
        for (Map.Entry<String, Method> getter : getters.entrySet()) {
            properties.put(getter.getKey(), getter.getValue().invoke(value));
        }
    }

    private static Map<String, Method> getters(Class<?> type) {
        Map<String, Method> getters = new LinkedHashMap<>();
        Deque<Class<?>> types = new ArrayDeque<>();
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            types.push(each);
        }
        for (Class<?> each : types) {
            for (Method method : each.getDeclaredMethods()) {
                String name = method.getName();
                boolean reads = Modifier.isPublic(method.getModifiers())
                        && !Modifier.isStatic(method.getModifiers())
                        && method.getParameterCount() == 0
                        && method.getReturnType() != void.class
                        && !method.isSynthetic();
                if (reads && name.startsWith("get") && name.length() > 3) {
                    method.setAccessible(true);
                    getters.put(property(name, 3), method);
                } else if (reads
                        && name.startsWith("is")
                        && name.length() > 2
                        && method.getReturnType() == boolean.class) {
                    method.setAccessible(true);
                    getters.put(property(name, 2), method);
                }
            }
        }
        return getters;
    }

    private static String property(String method, int prefix) {
        return Character.toLowerCase(method.charAt(prefix)) + method.substring(prefix + 1);
    }
}
