package com.openfaas.model;

import java.util.Map;

/** As OpenFaaS has it. */
public interface IResponse {
    String getBody();

    Map<String, String> getHeaders();

    String getContentType();

    int getStatusCode();
}
