package dev.weft.runtime.host.shape;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Types that only the function's loader knows. */
final class Foreign {

    private Foreign() {}

    /** What a stand-in does for one of its methods, whatever its parameters. */
    @FunctionalInterface
    interface Answer {
        @Nullable
        Object to(Object[] arguments) throws Exception;
    }

    static Class<?> type(ClassLoader loader, String name) throws Unsuitable {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new Unsuitable("its class path lacks " + name);
        }
    }

    @SuppressWarnings("ReferenceEquality") // that is what it means for an object without equals
    private static boolean same(Object one, Object other) {
        return one == other;
    }

    /** An object of an interface of theirs, by the names of its methods; default methods stay as they are. */
    static Object standIn(Class<?> type, Map<String, Answer> answers) {
        InvocationHandler handler = (self, method, given) -> {
            Object[] arguments = given == null ? new Object[0] : given;
            Answer answer = answers.get(method.getName());
            if (answer != null) {
                return answer.to(arguments);
            }
            return switch (method.getName()) {
                case "equals" -> same(self, arguments[0]);
                case "hashCode" -> System.identityHashCode(self);
                case "toString" -> type.getSimpleName();
                default -> {
                    if (method.isDefault()) {
                        yield InvocationHandler.invokeDefault(self, method, given);
                    }
                    throw new UnsupportedOperationException(
                            type.getSimpleName() + "." + method.getName() + " is not built in Weft");
                }
            };
        };
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }

    /** Calls it; what it throws comes as it is. */
    static @Nullable Object call(Method method, Object target, @Nullable Object... arguments) throws Throwable {
        try {
            method.setAccessible(true);
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** Calls a public method without parameters, if there is one. */
    static @Nullable Object get(Object target, String name) throws Throwable {
        Optional<Method> method = Arrays.stream(target.getClass().getMethods())
                .filter(each -> each.getName().equals(name) && each.getParameterCount() == 0)
                .findFirst();
        return method.isPresent() ? call(method.get(), target) : null;
    }

    /** The one that the author wrote, not those that the compiler adds for the sake of erased types. */
    static Method method(Class<?> type, String name, int parameters) throws Unsuitable {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(name)
                        && method.getParameterCount() == parameters
                        && !Modifier.isStatic(method.getModifiers()))
                .min((one, other) -> Boolean.compare(erased(one), erased(other)))
                .orElseThrow(() -> new Unsuitable("it has no method " + name + " with " + parameters + " parameters"));
    }

    private static boolean erased(Method method) {
        return method.isBridge() || (method.getParameterCount() > 0 && method.getParameterTypes()[0] == Object.class);
    }
}
