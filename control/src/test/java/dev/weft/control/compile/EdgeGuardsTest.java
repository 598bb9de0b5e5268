package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.policy.AddressRange;
import dev.weft.model.policy.AddressRules;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.StrictTransport;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the edge serves, whose word it takes on the client, and what it says of hosts that want TLS. */
class EdgeGuardsTest {

    private static String host(String name, String hostname, String annotations) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Host
                metadata: {name: %s, annotations: {%s}}
                spec: {hostname: "%s", requestPolicy: {insecure: {action: Route}}}
                """.formatted(name, annotations, hostname);
    }

    private static String module(String config) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Module
                metadata: {name: ambassador}
                spec: {config: {%s}}
                """.formatted(config);
    }

    private static String listener(String annotations, String protocol) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Listener
                metadata: {name: l, annotations: {%s}}
                spec: {port: 8001, %s, securityModel: XFP, hostBinding: {namespace: {from: ALL}}}
                """.formatted(annotations, protocol);
    }

    @Test
    void aHostSaysThatItWantsTls() {
        Snapshot snapshot = new Given()
                .yaml(host("a", "a.test", "hsts.weft.dev/max-age-seconds: \"63072000\""))
                .yaml(host(
                        "b",
                        "*.b.test",
                        "hsts.weft.dev/max-age-seconds: \"63072000\", hsts.weft.dev/include-subdomains: \"true\","
                                + " hsts.weft.dev/preload: \"true\""))
                .yaml(host("c", "c.b.test", ""))
                .compile();
        assertThat(snapshot.edgeRules().strictTransport())
                .containsExactlyInAnyOrder(
                        new StrictTransport("a.test", "max-age=63072000"),
                        new StrictTransport("*.b.test", "max-age=63072000; includeSubDomains; preload"),
                        new StrictTransport("c.b.test", ""));
        assertThat(Given.problems(snapshot)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "a.localhost", "printer.local", "127.0.0.1"})
    void aNameOfThisMachineIsNotGivenAway(String hostname) {
        Snapshot snapshot = new Given()
                .yaml(host("a", hostname, "hsts.weft.dev/max-age-seconds: \"60\""))
                .compile();
        assertThat(snapshot.edgeRules().strictTransport()).isEmpty();
        assertThat(Given.problems(snapshot)).anySatisfy(text -> assertThat(text).contains("browsers of this machine"));
    }

    @Test
    void annotationsThatCannotBeAreNamed() {
        Snapshot snapshot = new Given()
                .yaml(
                        host(
                                "a",
                                "a.test",
                                "hsts.weft.dev/max-age-seconds: \"60\", hsts.weft.dev/preload: \"true\", hsts.weft.dev/maxage: \"1\""))
                .compile();
        assertThat(snapshot.edgeRules().strictTransport()).containsExactly(new StrictTransport("a.test", "max-age=60"));
        assertThat(Given.problems(snapshot))
                .anySatisfy(text -> assertThat(text).contains("hsts.weft.dev/maxage is not known"))
                .anySatisfy(text -> assertThat(text).contains("only with subdomains and a year"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"protocol: HTTPPROXY", "protocolStack: [PROXY, HTTP, TCP]", "protocolStack: [HTTP, PROXY, TCP]"})
    void aListenerTakesTheWordOfPrivateNetworks(String protocol) {
        Snapshot snapshot = new Given().yaml(listener("", protocol)).compile();
        EdgeListener listener = snapshot.edge().getFirst();
        assertThat(listener.announcers()).isEqualTo(Announcers.USUAL);
        assertThat(listener.requests()).isTrue();
        assertThat(Given.problems(snapshot)).isEmpty();
    }

    @Test
    void aListenerNamesWhoseWordItTakes() {
        String from = "proxy-protocol.weft.dev/from: \"%s\"";
        Snapshot snapshot = new Given()
                .yaml(listener(from.formatted("10.1.0.0/16, fd00::/8 192.0.2.7,"), "protocol: HTTPPROXY"))
                .compile();
        assertThat(snapshot.edge().getFirst().announcers())
                .containsExactly(
                        new AddressRange("10.1.0.0", 16),
                        new AddressRange("fd00::", 8),
                        new AddressRange("192.0.2.7", 32));
        Snapshot wrong = new Given()
                .yaml(listener(from.formatted("10.1.0.0/99"), "protocol: HTTPPROXY"))
                .compile();
        assertThat(wrong.edge().getFirst().announcers())
                .containsExactly(new AddressRange("127.0.0.0", 8), new AddressRange("::1", 128));
        assertThat(Given.problems(wrong)).anySatisfy(text -> assertThat(text).contains("expected: 0 to 32 bits"));
    }

    @Test
    void theModuleSpeaksForListenersThatSayNothing() {
        Given given = new Given().yaml(module("use_proxy_proto: true"));
        assertThat(given.compile().edge().getFirst().announcers()).isEqualTo(Announcers.USUAL);
        given.yaml(listener("", "protocol: HTTP"));
        assertThat(given.compile().edge().getFirst().announcers()).isEqualTo(Announcers.USUAL);
        assertThat(new Given().compile().edge().getFirst().announcers()).isEmpty();
    }

    @Test
    void theModuleSaysWhoIsServedAndWhatAnswersSay() {
        Snapshot snapshot = new Given()
                .yaml(module("server_name: weft, ip_allow: [{peer: 127.0.0.1}, {remote: 99.99.0.0/16}]"))
                .compile();
        assertThat(snapshot.edgeRules().serverName()).isEqualTo("weft");
        assertThat(snapshot.edgeRules().addresses())
                .isEqualTo(new AddressRules(
                        true, List.of(new AddressRange("127.0.0.1", 32)), List.of(new AddressRange("99.99.0.0", 16))));
        Snapshot denying =
                new Given().yaml(module("ip_deny: [{remote: \"::/0\"}]")).compile();
        assertThat(denying.edgeRules().addresses())
                .isEqualTo(new AddressRules(false, List.of(), List.of(new AddressRange("::", 0))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ip_allow: [{peer: 127.0.0.1}], ip_deny: [{peer: 127.0.0.1}]; ip_allow is there already",
                "ip_allow: [{peer: nowhere}]; no numeric address",
                "ip_allow: [{peer: 127.0.0.1, remote: 127.0.0.1}]; remote is there already",
                "ip_deny: [{remote: 10.0.0.0/33}]; expected: 0 to 32 bits"
            })
    void aModuleThatCannotBeIsRefused(String config, String problem) {
        Given given = new Given();
        assertThatThrownBy(() -> given.yaml(module(config)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(problem);
    }

    @Test
    void clearTextIsSentToTlsWithItsBody() {
        Snapshot snapshot = new Given().service("quote").yaml("""
                        apiVersion: getambassador.io/v3alpha1
                        kind: Host
                        metadata: {name: h}
                        spec: {hostname: "*", requestPolicy: {insecure: {action: Redirect}}}
                        """).yaml("""
                        apiVersion: getambassador.io/v3alpha1
                        kind: Mapping
                        metadata: {name: m}
                        spec: {hostname: "*", prefix: /, service: quote}
                        """).compile();
        var rules = Given.edge(snapshot, "*").rules();
        assertThat(rules.get(0).filters()).containsExactly(new RouteFilter.Redirect(301, "https", "", ""));
        assertThat(rules.get(0).matches().getFirst().methods()).isEqualTo(Set.of("GET", "HEAD"));
        assertThat(rules.get(1).filters()).containsExactly(new RouteFilter.Redirect(308, "https", "", ""));
        assertThat(rules.get(1).matches().getFirst().methods()).isEmpty();
    }
}
