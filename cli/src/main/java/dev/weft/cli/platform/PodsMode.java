package dev.weft.cli.platform;

/** How pods are connected. */
public enum PodsMode {
    /** In networks of their own where this machine allows it, else in the host's. */
    AUTO,
    /** Each has a network to itself; Linux alone. */
    NAMESPACES,
    /** All share the host's network. */
    LOOPBACK
}
