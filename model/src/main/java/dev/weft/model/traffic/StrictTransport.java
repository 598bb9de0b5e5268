package dev.weft.model.traffic;

/**
 * What browsers are told of a host that is to be asked by TLS alone (HSTS, RFC 6797).
 *
 * @param host exact, {@code *.suffix} or {@code *}; lower case
 * @param value of {@code Strict-Transport-Security}; empty where a host of its own says nothing
 */
public record StrictTransport(String host, String value) {}
