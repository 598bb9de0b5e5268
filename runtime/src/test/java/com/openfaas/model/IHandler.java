package com.openfaas.model;

/** As OpenFaaS has it. */
public interface IHandler {
    @SuppressWarnings("MethodName") // theirs
    IResponse Handle(IRequest request);
}
