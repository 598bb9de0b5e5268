package com.openfaas.model;

import java.util.Map;

/** As OpenFaaS has it, in part. */
public interface IRequest {
    String getBody();

    Map<String, String> getQuery();
}
