package org.springframework.context.annotation;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** As Spring has it. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Bean {}
