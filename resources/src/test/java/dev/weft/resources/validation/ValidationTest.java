package dev.weft.resources.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.problem.Problem;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.document.Documents;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationTest {

    @Test
    void namesFileLineResourceFieldAndRemedy() {
        assertThat(problems("""
                apiVersion: split.smi-spec.io/v1alpha4
                kind: TrafficSplit
                metadata: {name: checkout, namespace: shop}
                spec:
                  service: checkout
                  backends:
                    - service: checkout-v1
                      weight: a lot
                    - servce: checkout-v2
                      weight: 10
                """))
                .containsExactly(
                        "a.yaml:8:7 TrafficSplit shop/checkout: spec.backends[0].weight: \"a lot\" is not a quantity.\n"
                                + "  Write for example 500m, 2 or 64Mi.",
                        "a.yaml:9:7 TrafficSplit shop/checkout: spec.backends[1].service is missing.\n"
                                + "  Write spec.backends[1].service: a text.",
                        "a.yaml:9:7 TrafficSplit shop/checkout: spec.backends[1].servce is no field of this kind.\n"
                                + "  Did you mean service?");
    }

    @Test
    void saysNothingOfAPodWithInitContainersASidecarAndVolumes() {
        assertThat(problems("""
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec:
                  restartPolicy: Always
                  volumes:
                    - {name: files, emptyDir: {medium: Memory, sizeLimit: 8Mi}}
                    - {name: settings, configMap: {name: web, items: [{key: a, path: b}], optional: true}}
                    - {name: keys, secret: {secretName: web, defaultMode: 256}}
                    - {name: about, downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}}
                    - {name: all, projected: {sources: [{serviceAccountToken: {path: token}}]}}
                    - {name: host, hostPath: {path: /srv, type: Directory}}
                  initContainers:
                    - {name: fetch, image: fetch, volumeMounts: [{name: files, mountPath: /files}]}
                    - {name: log, image: log, restartPolicy: Always}
                  containers:
                    - name: web
                      image: web
                      volumeMounts:
                        - {name: files, mountPath: /files, subPath: a/b, readOnly: true}
                        - {name: all, mountPath: /var/run/all}
                    - {name: beside, image: beside, volumeMounts: [{name: host, mountPath: /srv, subPathExpr: $(NAME)}]}
                """)).isEmpty();
        assertThat(problems("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: web}
                data: {a: b}
                binaryData: {c: AAEC}
                """)).isEmpty();
    }

    @Test
    void proposesTheKindThatWasProbablyMeant() {
        assertThat(problems("apiVersion: split.smi-spec.io/v1alpha4\nkind: TraficSplit\nmetadata: {name: a}\n"))
                .containsExactly("""
                        a.yaml:2:1 TraficSplit a: TraficSplit in split.smi-spec.io/v1alpha4 is a kind that Weft does not know.
                          Did you mean TrafficSplit (split.smi-spec.io/v1alpha4)?""");
        assertThat(problems("apiVersion: apps/v2\nkind: Deployment\nmetadata: {name: a}\n"))
                .containsExactly(
                        "a.yaml:1:1 Deployment a: Deployment has no version v2 here.\n  Write apiVersion: apps/v1.");
        assertThat(problems("kind: Mapping\n"))
                .containsExactly(
                        "a.yaml:1:1 Mapping (no name): apiVersion is missing.\n  Write apiVersion: getambassador.io/v3alpha1.");
    }

    @Test
    void putsAResourceIntoTheStoredVersionAndTheDefaultNamespace() {
        Resource split = accepted("""
                apiVersion: split.smi-spec.io/v1alpha1
                kind: TrafficSplit
                metadata: {name: web}
                spec: {service: web, backends: [{service: a, weight: 500m}, {service: b, weight: 1}]}
                """);

        assertThat(split.key()).isEqualTo(Kinds.TRAFFIC_SPLIT.key("default", "web"));
        assertThat(split.at("/apiVersion").asString()).isEqualTo("split.smi-spec.io/v1alpha4");
        assertThat(split.at("/spec/backends/0/weight").asString()).isEqualTo("500");
    }

    @Test
    void warnsOfAFieldThatDoesNothingYetAndStillAccepts() {
        Validation validation = validate("""
                apiVersion: getambassador.io/v3alpha1
                kind: Mapping
                metadata: {name: a}
                spec: {hostname: "*", prefix: /a/, service: a, keepalive: {time: 1}}
                """);

        assertThat(validation.resource()).isPresent();
        assertThat(validation.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Problem.Severity.WARNING);
            assertThat(problem.message()).startsWith("spec.keepalive has no effect: connections to endpoints");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spec: {template: {spec: {containers: [{image: a, env: [{name: PORT, value: '1'}]}]}}}",
                "spec: {template: {spec: {containers: [{image: a, ports: [{containerPort: 9090}]}]}}}",
                "spec: {template: {spec: {containers: [{image: a}, {image: b}]}}}",
                "spec: {template: {spec: {containers: []}}}",
                "spec: {template: {metadata: {name: other-1}, spec: {containers: [{image: a}]}}}",
                "spec: {template: {spec: {timeoutSeconds: 601, containers: [{image: a}]}}}",
                "spec: {template: {spec: {containers: [{image: a}]}}, traffic: [{latestRevision: true, percent: 90}]}",
                "spec: {template: {spec: {containers: [{image: a}]}}, traffic: [{percent: 100, revisionName: x, latestRevision: true}]}",
                "spec: {}",
                "spec: 5",
                "{}"
            })
    void refusesAKnativeServiceThatKnativeRefuses(String spec) {
        String body = spec.equals("{}") ? "" : spec + "\n";
        Validation validation =
                validate("apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: hello}\n" + body);

        assertThat(validation.resource()).isEmpty();
        assertThat(validation.problems()).isNotEmpty();
    }

    @Test
    void acceptsTheShapesThatTheOriginalProjectsDocument() {
        for (String document : List.of("""
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: helloworld-go, namespace: default}
                spec:
                  template:
                    metadata:
                      annotations: {linkerd.io/inject: enabled}
                    spec:
                      containers:
                      - image: cpretzer/helloworld-go
                        env: [{name: TARGET, value: "Go Sample v1 now with Linkerd"}]
                """, """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: quote}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: quote}}
                  template:
                    metadata: {labels: {app: quote}}
                    spec:
                      serviceAccountName: quote
                      containers:
                      - name: quote
                        image: quote:1
                        ports: [{name: http, containerPort: 8080}]
                        env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
                        readinessProbe: {httpGet: {path: /health, port: http}}
                        resources: {limits: {memory: 64Mi, cpu: 100m}}
                """, """
                apiVersion: v1
                kind: Service
                metadata: {name: quote}
                spec: {selector: {app: quote}, ports: [{port: 80, targetPort: http}]}
                """, """
                apiVersion: getambassador.io/v3alpha1
                kind: Listener
                metadata: {name: https}
                spec: {port: 8443, protocol: HTTPS, securityModel: XFP, hostBinding: {namespace: {from: ALL}}}
                """, """
                apiVersion: getambassador.io/v3alpha1
                kind: Host
                metadata: {name: host}
                spec:
                  hostname: "*.example.com"
                  tlsSecret: {name: cert}
                  requestPolicy: {insecure: {action: Route}}
                """, """
                apiVersion: specs.smi-spec.io/v1alpha4
                kind: HTTPRouteGroup
                metadata: {name: routes}
                spec: {matches: [{name: get, pathRegex: "/.*", methods: [GET], headers: [{user-agent: ".*"}]}]}
                """, """
                apiVersion: access.smi-spec.io/v1alpha3
                kind: TrafficTarget
                metadata: {name: target}
                spec:
                  destination: {kind: ServiceAccount, name: quote}
                  rules: [{kind: HTTPRouteGroup, name: routes, matches: [get]}]
                  sources: [{kind: ServiceAccount, name: hello, namespace: default}]
                """, """
                apiVersion: openslo/v1
                kind: SLO
                metadata: {name: hello}
                spec:
                  service: hello
                  indicator:
                    metadata: {name: success}
                    spec:
                      ratioMetric:
                        counter: true
                        good: {metricSource: {type: Weft, spec: {service: default/hello}}}
                        total: {metricSource: {type: Weft, spec: {service: default/hello}}}
                  timeWindow: [{duration: 1h, isRolling: true}]
                  budgetingMethod: Occurrences
                  objectives: [{displayName: answers, target: 0.999}]
                """, """
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: hello}
                spec:
                  function: {jar: target/hello.jar, class: demo.Hello}
                  build: {command: [./mvnw, -q, package]}
                """)) {
            assertThat(problems(document)).isEmpty();
        }
    }

    private static Resource accepted(String yaml) {
        Validation validation = validate(yaml);
        assertThat(validation.problems()).isEmpty();
        return validation.resource().orElseThrow();
    }

    private static List<String> problems(String yaml) {
        return validate(yaml).problems().stream().map(Problem::toString).toList();
    }

    private static Validation validate(String yaml) {
        Documents documents = Documents.parse("a.yaml", yaml);
        assertThat(documents.problems()).isEmpty();
        return Validation.of(documents.documents().getFirst());
    }
}
