package com.amazonaws.services.lambda.runtime;

/** As Lambda has it, in part. */
public interface Context {
    String getAwsRequestId();

    LambdaLogger getLogger();
}
