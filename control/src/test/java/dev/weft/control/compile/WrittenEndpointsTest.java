package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.Endpoint;
import org.junit.jupiter.api.Test;

/** Services without a selector, and the Endpoints that somebody wrote for them. */
final class WrittenEndpointsTest {

    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: outside}
            spec: {ports: [{name: http, port: 80}, {name: admin, port: 81}]}
            """;

    @Test
    void leadsAServiceToTheAddressesThatAreWrittenDown() {
        Given given = new Given().yaml(SERVICE).yaml("""
                apiVersion: v1
                kind: Endpoints
                metadata: {name: outside}
                subsets:
                - addresses: [{ip: 192.0.2.1}, {ip: 192.0.2.2}]
                  notReadyAddresses: [{ip: 192.0.2.3}]
                  ports: [{name: http, port: 8080}, {name: admin, port: 8081}]
                """);

        assertThat(Given.group(given.compile(), "default/outside:80").endpoints())
                .extracting(Endpoint::toString)
                .containsExactly("@192.0.2.1:8080", "@192.0.2.2:8080");
        assertThat(Given.group(given.compile(), "default/outside:81").endpoints())
                .allMatch(endpoint -> endpoint.port() == 8081 && endpoint.transport() == Endpoint.Transport.PLAIN);
    }

    @Test
    void reachesThePodAtAnAddressThroughTheMesh() {
        Given given = new Given().yaml(SERVICE).pod("quote", "quote-1", true);
        String address = given.compile().instances().getFirst().podAddress();

        given.yaml("""
                apiVersion: v1
                kind: Endpoints
                metadata: {name: outside}
                subsets: [{addresses: [{ip: %s}], ports: [{name: http, port: 8080}]}]
                """.formatted(address));

        assertThat(Given.group(given.compile(), "default/outside:80").endpoints())
                .singleElement()
                .matches(endpoint -> endpoint.transport() == Endpoint.Transport.MESH)
                .matches(endpoint -> endpoint.workload().orElseThrow().name().equals("quote-1"));
    }

    @Test
    void takesNoEndpointsThatItWroteItself() {
        Given given = new Given().yaml(SERVICE).yaml("""
                apiVersion: v1
                kind: Endpoints
                metadata: {name: outside, labels: {endpoints.kubernetes.io/managed-by: weft}}
                subsets: [{addresses: [{ip: 192.0.2.1}], ports: [{name: http, port: 8080}]}]
                """);

        assertThat(Given.group(given.compile(), "default/outside:80").endpoints())
                .isEmpty();
    }

    @Test
    void sendsNothingToThisMachinesOwnAddresses() {
        Given given = new Given().yaml(SERVICE).yaml("""
                apiVersion: v1
                kind: Endpoints
                metadata: {name: outside}
                subsets:
                - addresses: [{ip: 192.0.2.1}, {ip: 127.0.0.1}, {ip: "::ffff:127.0.0.1"}]
                  ports: [{name: http, port: 8080}]
                """);

        assertThat(Given.group(given.compile(), "default/outside:80").endpoints())
                .extracting(Endpoint::toString)
                .containsExactly("@192.0.2.1:8080");
        assertThat(Given.problems(given.compile()).toString())
                .contains("Endpoints default/outside: 127.0.0.1 is this machine's own and no pod's");
    }
}
