package dev.weft.runtime.wire;

/**
 * A port as the pod's specification declares it.
 *
 * @param name may be empty
 */
public record DeclaredPort(String name, int containerPort) {}
