package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.resources.Kinds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of Knative's routes beyond their shares: tags by header, domains, and visibility. */
final class KnativeTest {

    private static final String TAGGED = "{latestRevision: true, revisionName: hello-00002, percent: 100},"
            + " {revisionName: hello-00001, percent: 0, tag: old}";

    @Test
    void tagThatTheHeaderNamesComesBeforeTheShares() {
        Snapshot snapshot = MeshTest.knative(TAGGED).compile();

        List<Rule> rules = Given.mesh(snapshot, "default/hello:80").rules();
        assertThat(rules.getFirst().matches().getFirst().headers())
                .containsExactly(new HeaderMatch.Exact("knative-serving-tag", "old"));
        assertThat(MeshTest.backends(rules.getFirst())).containsExactly("default/hello-00001:80=100");
        assertThat(MeshTest.backends(rules.getLast())).containsExactly("default/hello-00002:80=100");
        assertThat(rules.getLast().matches()).isEmpty();
    }

    @Test
    void whatOnlyThePlatformMaySayIsTakenFromRequestsFromOutside() {
        Snapshot snapshot = MeshTest.knative(TAGGED).compile();

        assertThat(Given.edge(snapshot, "hello.default.example.com")
                        .rules()
                        .getFirst()
                        .filters())
                .contains(
                        new RouteFilter.RemoveRequestHeader("knative-serving-revision"),
                        new RouteFilter.RemoveRequestHeader("knative-serving-namespace"));
    }

    @Test
    void domainMappingServesTheRouteUnderItsName() {
        Snapshot snapshot =
                MeshTest.knative(TAGGED).yaml(mapping("www.shop.example")).compile();

        assertThat(Given.edge(snapshot, "www.shop.example").rules().getFirst().backends())
                .containsExactly(new WeightedBackend(new Backend.Delegate(ServicePort.parse("default/hello:80")), 100));
        assertThat(Given.problems(snapshot)).isEmpty();
    }

    @Test
    void routeOfTheClusterAloneIsNeverReachableFromTheEdge() {
        Snapshot snapshot = local().yaml(mapping("www.shop.example")).compile();

        assertThat(snapshot.edgeFrontends()).extracting(Frontend::name).isEmpty();
        assertThat(Given.mesh(snapshot, "default/hello:80").rules()).isNotEmpty();
        assertThat(Given.mesh(snapshot, "default/old-hello:80").rules()).isNotEmpty();
        assertThat(Given.problems(snapshot)).containsExactly("""
                DomainMapping default/www.shop.example: "hello" is of the cluster alone, and gets no domain.
                  Remove its label networking.knative.dev/visibility, or this mapping.""");
    }

    @Test
    void hostThatRefusesClearTextRefusesItForRoutesToo() {
        for (String hostname : List.of("*", "*.shop.example", "www.shop.example")) {
            List<Rule> rejecting = rules(hostname, "{action: Reject}");
            assertThat(rejecting).as(hostname).isNotEmpty().allSatisfy(KnativeTest::isSecure);
            List<Rule> redirecting = rules(hostname, "{action: Redirect}");
            assertThat(redirecting.getFirst().filters())
                    .as(hostname)
                    .containsExactly(new RouteFilter.Redirect(301, "https", "", ""));
            assertThat(redirecting.get(1).filters())
                    .as(hostname)
                    .containsExactly(new RouteFilter.Redirect(308, "https", "", ""));
            assertThat(rules(hostname, "{action: Route}").getFirst().matches())
                    .as(hostname)
                    .isEmpty();
        }
        assertThat(rules("other.test", "{action: Reject}").getFirst().matches()).isEmpty(); // which is not its name
    }

    private static List<Rule> rules(String hostname, String clearText) {
        Snapshot snapshot = MeshTest.knative(TAGGED)
                .yaml(mapping("www.shop.example"))
                .yaml("""
                        apiVersion: getambassador.io/v3alpha1
                        kind: Host
                        metadata: {name: h}
                        spec: {hostname: "%s", requestPolicy: {insecure: %s}}
                        """.formatted(hostname, clearText))
                .compile();
        return Given.edge(snapshot, "www.shop.example").rules();
    }

    private static void isSecure(Rule rule) {
        assertThat(rule.matches())
                .isNotEmpty()
                .allSatisfy(match ->
                        assertThat(match.headers()).contains(new HeaderMatch.Exact("x-forwarded-proto", "https")));
    }

    @Test
    void domainOfAServiceThatIsMissingIsToldSo() {
        Snapshot snapshot = new Given().yaml(mapping("www.shop.example")).compile();

        assertThat(snapshot.edgeFrontends()).isEmpty();
        assertThat(Given.problems(snapshot)).singleElement().asString().contains("there is no service \"hello\"");
    }

    @Test
    void tagOfARouteIsNoServiceThatADomainCouldName() {
        Snapshot snapshot =
                local().yaml(mapping("www.shop.example", "v1", "old-hello")).compile();

        assertThat(snapshot.edgeFrontends()).isEmpty();
        assertThat(Given.problems(snapshot)).singleElement().asString().contains("there is no service \"old-hello\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "old-hello", "hello-00001"})
    void serviceThatStandsForARouteOfTheClusterAloneGetsNoDomain(String name) {
        Snapshot snapshot = local().yaml("""
                        apiVersion: v1
                        kind: Service
                        metadata: {name: %s, labels: {serving.knative.dev/service: hello}}
                        spec: {ports: [{port: 80}]}
                        """.formatted(name))
                .yaml(mapping("www.shop.example", "v1", name))
                .compile();

        assertThat(snapshot.edgeFrontends()).isEmpty();
        assertThat(Given.problems(snapshot)).singleElement().asString().contains("is of the cluster alone");
    }

    @Test
    void serviceThatIsLabelledClusterLocalGetsNoDomain() {
        Given given = new Given().service("quote").yaml(mapping("www.shop.example", "v1", "quote"));
        assertThat(Given.edge(given.compile(), "www.shop.example").rules()).isNotEmpty();

        Snapshot snapshot = given.yaml("""
                        apiVersion: v1
                        kind: Service
                        metadata: {name: quote, labels: {networking.knative.dev/visibility: cluster-local}}
                        spec: {selector: {app: quote}, ports: [{port: 80, targetPort: 8080}]}
                        """).compile();

        assertThat(snapshot.edgeFrontends()).isEmpty();
        assertThat(Given.problems(snapshot)).singleElement().asString().contains("is of the cluster alone");
    }

    @Test
    void publicRouteNeverLeadsToATagOfARouteOfTheClusterAlone() {
        Snapshot snapshot = local().yaml("""
                        apiVersion: serving.knative.dev/v1
                        kind: Route
                        metadata: {name: old-hello}
                        spec: {traffic: [{revisionName: hello-00002, percent: 100}]}
                        """)
                .status(Kinds.ROUTE, "default", "old-hello", "{traffic: [{revisionName: hello-00002, percent: 100}]}")
                .compile();

        assertThat(MeshTest.backends(
                        Given.mesh(snapshot, "default/old-hello:80").rules().getLast()))
                .containsExactly("default/hello-00002:80=100");
        assertThat(Given.edge(snapshot, "old-hello.default.example.com").rules())
                .isNotEmpty();
        assertThat(Given.problems(snapshot))
                .singleElement()
                .asString()
                .contains("the name \"old-hello\" of tag \"old\" belongs to another Route");
    }

    private static Given local() {
        return MeshTest.knative(TAGGED).yaml("""
                apiVersion: serving.knative.dev/v1
                kind: Route
                metadata: {name: hello, labels: {networking.knative.dev/visibility: cluster-local}}
                spec: {traffic: [{latestRevision: true, percent: 100}]}
                """);
    }

    private static String mapping(String domain) {
        return mapping(domain, "serving.knative.dev/v1", "hello");
    }

    private static String mapping(String domain, String version, String service) {
        return """
                apiVersion: serving.knative.dev/v1beta1
                kind: DomainMapping
                metadata: {name: %s}
                spec: {ref: {apiVersion: %s, kind: Service, name: %s}}
                """.formatted(domain, version, service);
    }
}
