package com.openfaas.model;

/** As OpenFaaS has it. */
public interface IHandler {
    IResponse Handle(IRequest request);
}
