package com.amazonaws.services.lambda.runtime;

/** As Lambda has it. */
public interface RequestHandler<I, O> {
    O handleRequest(I input, Context context);
}
