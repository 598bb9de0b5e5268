package com.amazonaws.services.lambda.runtime;

/** As Lambda has it. */
public interface LambdaLogger {
    void log(String message);
}
