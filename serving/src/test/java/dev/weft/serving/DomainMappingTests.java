package dev.weft.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DomainMapping v1beta1 (Knative Serving API). */
final class DomainMappingTests {

    private static final String DOMAIN = "hello.example.org";

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void isReadyOnceItsServiceIsThere() {
        map("default", "hello");
        world.await("refused", () -> condition("default", "Ready").equals("False: ResolveFailed"));

        world.apply("""
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: hello}
                spec: {template: {spec: {containers: [{image: hello}]}}}
                """);

        world.await("ready", () -> condition("default", "Ready").equals("True"));
        assertThat(world.at(Kinds.DOMAIN_MAPPING, DOMAIN, "/status/url").asString(""))
                .isEqualTo("http://" + DOMAIN);
        assertThat(condition("default", "DomainClaimed")).isEqualTo("True");
        assertThat(condition("default", "IngressReady")).isEqualTo("True");
        assertThat(condition("default", "CertificateProvisioned")).isEqualTo("True: TLSNotEnabled");
    }

    @Test
    void secondNamespaceWaitsUntilTheFirstMappingIsDeleted() {
        map("default", "hello");
        map("zoo", "hello");
        world.await("waits", () -> condition("zoo", "DomainClaimed").equals("False: DomainAlreadyClaimed"));
        assertThat(condition("default", "DomainClaimed")).isEqualTo("True");

        world.store.delete(Kinds.DOMAIN_MAPPING.key("default", DOMAIN));

        world.await("has it", () -> condition("zoo", "DomainClaimed").equals("True"));
    }

    @Test
    void serviceOfTheClusterAloneGetsNoDomain() {
        world.apply("""
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: hello, labels: {networking.knative.dev/visibility: cluster-local}}
                spec: {template: {spec: {containers: [{image: hello}]}}}
                """);
        world.awaitReady("hello");
        assertThat(world.at(Kinds.KNATIVE_SERVICE, "hello", "/status/url").asString(""))
                .isEqualTo("http://hello.default.svc.cluster.local");

        map("default", "hello");

        world.await("refused", () -> condition("default", "ReferenceResolved").equals("False: ClusterLocal"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "hello-00001", "old-hello"})
    void serviceThatStandsForARouteOfTheClusterAloneGetsNoDomainEither(String service) {
        world.apply("""
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: hello, labels: {networking.knative.dev/visibility: cluster-local}}
                spec:
                  template: {spec: {containers: [{image: hello}]}}
                  traffic: [{latestRevision: true, percent: 100, tag: old}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: old-hello}
                spec: {ports: [{port: 80}]}
                """);
        world.awaitReady("hello");

        map("default", "v1", service);

        world.await("refused", () -> condition("default", "ReferenceResolved").equals("False: ClusterLocal"));
    }

    private void map(String namespace, String service) {
        map(namespace, "serving.knative.dev/v1", service);
    }

    private void map(String namespace, String version, String service) {
        Resource mapping = Resource.of(Kinds.DOMAIN_MAPPING.key(namespace, DOMAIN));
        mapping.json()
                .withObject("/spec/ref")
                .put("apiVersion", version)
                .put("kind", "Service")
                .put("name", service);
        world.store.create(mapping);
    }

    private String condition(String namespace, String type) {
        return World.condition(
                world.store.get(Kinds.DOMAIN_MAPPING.key(namespace, DOMAIN)).orElseThrow(), type);
    }
}
