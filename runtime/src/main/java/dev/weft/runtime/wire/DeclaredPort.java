package dev.weft.runtime.wire;

/**
 * A port as the pod's specification declares it.
 *
 * @param name may be empty
 * @param hostPort of this machine, where it is reached too; 0 for none
 */
public record DeclaredPort(String name, int containerPort, int hostPort) {

    /** One that is reached in the cluster alone. */
    public DeclaredPort(String name, int containerPort) {
        this(name, containerPort, 0);
    }
}
