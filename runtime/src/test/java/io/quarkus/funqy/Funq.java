package io.quarkus.funqy;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** As Quarkus has it. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Funq {
    String value() default "";
}
