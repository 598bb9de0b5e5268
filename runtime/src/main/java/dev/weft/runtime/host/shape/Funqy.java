package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Handler;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Quarkus's {@code @Funq} methods, on the paths of their names; no container is started. */
final class Funqy {

    private static final String ANNOTATION = "io.quarkus.funqy.Funq";

    private Funqy() {}

    static boolean is(Class<?> type) {
        return Arrays.stream(type.getMethods()).anyMatch(method -> SpringBeans.annotated(method, ANNOTATION));
    }

    static Handler of(Object made, Optional<String> member) throws Unsuitable {
        Map<String, Step> steps = new LinkedHashMap<>();
        for (Method method : made.getClass().getMethods()) {
            if (SpringBeans.annotated(method, ANNOTATION)) {
                steps.put(name(method), step(method, made));
            }
        }
        Optional<String> chosen = member.or(() -> Optional.ofNullable(System.getenv("QUARKUS_FUNQY_EXPORT")));
        return new Named(steps, chosen, made.getClass().getClassLoader());
    }

    private static String name(Method method) throws Unsuitable {
        for (Annotation each : method.getAnnotations()) {
            if (each.annotationType().getName().equals(ANNOTATION)) {
                try {
                    String named = String.valueOf(Foreign.get(each, "value"));
                    return named.isEmpty() || named.equals("null") ? method.getName() : named;
                } catch (Throwable e) {
                    throw new Unsuitable("the name of " + method.getName() + " cannot be read", e);
                }
            }
        }
        return method.getName();
    }

    private static Step step(Method method, Object made) throws Unsuitable {
        Type[] parameters = method.getGenericParameterTypes();
        if (parameters.length > 1 || method.getReturnType().getName().startsWith("io.smallrye.mutiny.")) {
            throw new Unsuitable("the function " + method.getName()
                    + " wants what Quarkus injects, or answers later: run the application itself, with jar: in the"
                    + " LocalImage");
        }
        boolean answers = method.getReturnType() != void.class;
        return parameters.length == 0
                ? new Step(name(method), void.class, answers, _ -> Foreign.call(method, made))
                : new Step(name(method), parameters[0], answers, input -> Foreign.call(method, made, input));
    }
}
