package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Handler;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Spring Cloud Function's plain beans: a class with {@code @Bean} methods that make functions of the JDK. No container is
 * started, so a bean that wants others is refused.
 */
final class SpringBeans {

    private static final String BEAN = "org.springframework.context.annotation.Bean";

    private SpringBeans() {}

    static boolean is(Class<?> type) {
        return Arrays.stream(type.getMethods()).anyMatch(SpringBeans::makesFunction);
    }

    private static boolean makesFunction(Method method) {
        Set<String> names = Plain.NAMES;
        return annotated(method, BEAN) && names.contains(method.getReturnType().getName());
    }

    static boolean annotated(Method method, String annotation) {
        for (Annotation each : method.getAnnotations()) {
            if (each.annotationType().getName().equals(annotation)) {
                return true;
            }
        }
        return false;
    }

    static Handler of(Object made, Optional<String> member) throws Unsuitable {
        Map<String, Step> steps = new LinkedHashMap<>();
        for (Method method : made.getClass().getMethods()) {
            if (makesFunction(method)) {
                steps.put(method.getName(), step(method, made));
            }
        }
        Optional<String> chosen =
                member.or(() -> Optional.ofNullable(System.getenv("SPRING_CLOUD_FUNCTION_DEFINITION")));
        return new Named(steps, chosen, made.getClass().getClassLoader());
    }

    private static Step step(Method method, Object made) throws Unsuitable {
        if (method.getParameterCount() > 0) {
            throw new Unsuitable("the bean " + method.getName()
                    + " wants other beans: run the application itself, with jar: in the LocalImage");
        }
        try {
            Object function = Foreign.call(method, made);
            if (function == null) {
                throw new Unsuitable("the bean " + method.getName() + " is null");
            }
            return Plain.step(method.getName(), function, method.getGenericReturnType());
        } catch (Unsuitable e) {
            throw e;
        } catch (Throwable e) {
            throw new Unsuitable("the bean " + method.getName() + " cannot be made", e);
        }
    }
}
