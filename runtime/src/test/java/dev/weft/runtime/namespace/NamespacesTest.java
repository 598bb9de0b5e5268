package dev.weft.runtime.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespacesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unshare net mnt uts ipc: EPERM (it needs the capabilities CAP_SYS_ADMIN and CAP_NET_ADMIN)",
                "setns mnt: EPERM",
                "nsenter ended with 1: nsenter: cannot open /proc/1/fd/9"
            })
    void aRefusalOfNamespacesIsTheProductsFaultWhereOthersMakeThem(String refusal) {
        assertThat(Namespaces.ofNamespaces(refusal)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "the pod's packet rules (nf_tables): netlink socket: EPROTONOSUPPORT",
                "the pod's packet rules (nf_tables): rule of chain names: ENOENT",
                "setsockopt IP_TRANSPARENT: EPERM",
                "the pod's loopback device: IPv6 address: EACCES",
                "/proc/sys/net/ipv4/ip_unprivileged_port_start: Read-only file system"
            })
    void aKernelWithoutSteeringIsNobodysFault(String refusal) {
        assertThat(Namespaces.ofNamespaces(refusal)).isFalse();
    }
}
