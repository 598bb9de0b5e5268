package dev.weft.catalog.web;

import dev.weft.catalog.Catalog;
import dev.weft.catalog.CatalogOptions;
import dev.weft.catalog.Given;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs a console over invented traffic, to look at: {@code ConsoleExample PORT SECONDS}. */
public final class ConsoleExample {

    private final Random random = new Random(7);
    private final Catalog catalog;
    private long requests;

    private ConsoleExample(Catalog catalog) {
        this.catalog = catalog;
    }

    public static void main(String[] args) throws Exception {
        MemoryStore store = new MemoryStore();
        resources(store);
        try (Catalog catalog =
                new Catalog(store, Given.snapshots(Given.snapshot()), Clock.systemUTC(), CatalogOptions.DEFAULT)) {
            Console console = catalog.console(Integer.parseInt(args[0]));
            System.out.println(console.url());
            new ConsoleExample(catalog).run(Integer.parseInt(args[1]));
        }
    }

    static void resources(MemoryStore store) {
        String pod = "{'conditions': [{'type': 'Ready', 'status': 'True'}], 'phase': 'Running'}";
        String ready = "{'conditions': [{'type': 'Ready', 'status': 'True'}]}";
        String available =
                "{'conditions': [{'type': 'Available', 'status': 'True', 'reason': 'MinimumReplicasAvailable',"
                        + "'message': 'Deployment has minimum availability.'}]}";
        add(store, "serving.knative.dev/v1", "Service", "hello", "{}", "{}", ready);
        add(store, "serving.knative.dev/v1", "Configuration", "hello", "{}", "{}", ready);
        add(store, "serving.knative.dev/v1", "Route", "hello", "{}", "{}", ready);
        add(store, "serving.knative.dev/v1", "Revision", "hello-00001", "{}", "{}", ready);
        add(store, "getambassador.io/v3alpha1", "Listener", "http", "{}", "{}", "{}");
        add(store, "getambassador.io/v3alpha1", "Host", "hello", "{}", "{}", ready);
        add(store, "getambassador.io/v3alpha1", "Mapping", "hello", "{}", "{}", "{}");
        add(store, "split.smi-spec.io/v1alpha4", "TrafficSplit", "quote", "{}", "{}", "{}");
        add(store, "access.smi-spec.io/v1alpha3", "TrafficTarget", "hello-calls-quote", "{}", "{}", "{}");
        add(store, "specs.smi-spec.io/v1alpha4", "HTTPRouteGroup", "quote", "{}", "{}", "{}");
        String revision = "{'serving.knative.dev/revision': 'hello-00001'}";
        add(store, "v1", "Service", "hello", "{}", "{}", "{}");
        add(store, "v1", "Service", "hello-00001", revision, "{}", "{}");
        for (String version : List.of("v1", "v2")) {
            String name = "quote-" + version;
            String labels = "{'app': 'quote', 'version': '" + version + "'}";
            add(store, "v1", "Service", name, "{}", "{'selector': " + labels + "}", "{}");
            add(
                    store,
                    "apps/v1",
                    "Deployment",
                    name,
                    "{}",
                    "{'replicas': 1, 'template': {'metadata': {'labels': " + labels + "}}}",
                    available);
            add(store, "v1", "Pod", name + "-abc12", labels, "{}", pod);
        }
        add(store, "v1", "Service", "quote", "{}", "{'selector': {'app': 'quote'}}", "{}");
        add(store, "apps/v1", "Deployment", "hello-00001-deployment", revision, "{'replicas': 1}", available);
        add(store, "v1", "Pod", "hello-00001-deployment-abc12", revision, "{}", pod);
        add(
                store,
                "apps/v1",
                "Deployment",
                "reports",
                "{}",
                "{'replicas': 1, 'template': {'metadata': {'labels': {'app': 'reports'}}}}",
                "{'conditions': [{'type': 'Available', 'status': 'False', 'reason': 'ImageNotLocal', 'message': "
                        + "'Image example.com/reports:1 is not local. Apply a LocalImage of that name, or mend spec.template.'}]}");
        add(store, "weft.dev/v1alpha1", "LocalImage", "quote", "{}", "{}", "{}");
        String query = "response_total{authority=~\\\"hello[.]default[.].*\\\"";
        add(
                store,
                "openslo/v1",
                "SLO",
                "hello",
                "{}",
                "{'service': 'hello', 'budgetingMethod': 'Occurrences', 'timeWindow': [{'duration': '1m', 'isRolling': true}],"
                        + "'objectives': [{'displayName': 'answers', 'target': 0.99}], 'indicator': {'metadata': {'name': 'a'},"
                        + "'spec': {'ratioMetric': {'counter': true, 'good': {'metricSource': {'type': 'Prometheus', 'spec': {'query': '"
                        + query
                        + ",classification=\\\"success\\\"}'}}}, 'total': {'metricSource': {'type': 'Prometheus', 'spec': "
                        + "{'query': '" + query + "}'}}}}}}}",
                "{}");
    }

    private static void add(
            MemoryStore store, String version, String kind, String name, String labels, String spec, String status) {
        String json =
                ("{'apiVersion': '%s', 'kind': '%s', 'metadata': {'namespace': 'default', 'name': '%s', 'labels': %s},"
                                + "'spec': %s, 'status': %s}")
                        .formatted(version, kind, name, labels, spec, status)
                        .replace('\'', '"');
        String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
        store.create(new Resource(Kinds.find(group, kind).orElseThrow(), (ObjectNode)
                JsonMapper.shared().readTree(json)));
    }

    private void run(int seconds) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int tenth = 0; tenth < seconds * 10; tenth++) {
            int count = 4 + (int) (3 * Math.sin(tenth / 25.0)) + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                request();
            }
            if (tenth % 40 == 0) {
                refused();
            }
            if (never.await(100, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private void request() {
        String id = "req-" + requests++;
        long millis = 3 + (long) Math.exp(random.nextGaussian() * 0.6 + 1.2);
        int status = random.nextInt(180) == 0 ? 502 : 200;
        var version = random.nextInt(10) == 0 ? Given.QUOTE_V2 : Given.QUOTE_V1;
        catalog.listener().ended(Given.inbound(id, Given.HELLO.identity(), version, 200, millis / 2));
        catalog.listener().ended(Given.outbound(id, Given.HELLO, version, 200, millis / 2 + 1));
        catalog.listener().ended(Given.inbound(id, WorkloadIdentity.EDGE, Given.HELLO, status, millis));
        catalog.listener().ended(Given.edge(id, status, millis + 1));
    }

    private void refused() {
        String id = "refused-" + requests++;
        Outcome inbound = Given.inbound(id, Given.STRANGER.identity(), Given.QUOTE_V1, 403, 1);
        List<Decision> decisions = List.of(new Decision(
                "authorize",
                "no TrafficTarget with destination ServiceAccount default/quote has source default/stranger"));
        catalog.listener().ended(Given.refused(inbound, 403, Optional.of(ErrorCode.ACCESS_DENIED), decisions));
        catalog.listener().ended(Given.outbound(id, Given.STRANGER, Given.QUOTE_V1, 403, 2));
    }
}
