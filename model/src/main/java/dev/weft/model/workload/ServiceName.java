package dev.weft.model.workload;

/** The name of an addressable thing: a Kubernetes Service, never a function. */
public record ServiceName(String namespace, String name) {

    /** {@code name.namespace.svc.cluster.local}. */
    public String host() {
        return name + "." + namespace + ".svc.cluster.local";
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
