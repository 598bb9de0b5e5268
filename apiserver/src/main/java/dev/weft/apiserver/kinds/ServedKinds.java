package dev.weft.apiserver.kinds;

import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.definition.CustomResourceDefinition;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every kind that is served. The one place to look up what a URL or a document names. The list is replaced as a whole when a
 * definition comes or goes.
 */
public final class ServedKinds {

    private static final List<String> ALL = List.of("all");
    private static final List<String> KNATIVE = List.of("all", "knative", "serving");
    private static final List<String> EMISSARY = List.of("ambassador-crds");
    private static final List<String> SMI_VERSIONS = List.of("v1alpha4", "v1alpha3", "v1alpha2", "v1alpha1");
    private static final List<Column> PLAIN = List.of(Column.age());

    private static final Map<Kind, ServedKind> KNOWN = Map.ofEntries(
            core(Kinds.NAMESPACE, CoreColumns.NAMESPACE, true, List.of(), "ns"),
            core(Kinds.NODE, CoreColumns.NODE, true, List.of(), "no"),
            core(Kinds.NODE_METRICS, CoreColumns.NODE_METRICS, false, List.of()),
            core(Kinds.POD_METRICS, CoreColumns.POD_METRICS, false, List.of()),
            core(Kinds.SERVICE, CoreColumns.SERVICE, true, ALL, "svc"),
            core(Kinds.POD, CoreColumns.POD, true, ALL, "po"),
            core(Kinds.CONFIG_MAP, CoreColumns.CONFIG_MAP, false, List.of(), "cm"),
            core(Kinds.SECRET, CoreColumns.SECRET, false, List.of()),
            core(Kinds.SERVICE_ACCOUNT, CoreColumns.SERVICE_ACCOUNT, false, List.of(), "sa"),
            core(Kinds.EVENT, CoreColumns.EVENT, false, List.of(), "ev"),
            core(Kinds.ENDPOINTS, CoreColumns.ENDPOINTS, false, List.of(), "ep"),
            core(Kinds.ENDPOINT_SLICE, CoreColumns.ENDPOINT_SLICE, false, List.of()),
            core(Kinds.DEPLOYMENT, CoreColumns.DEPLOYMENT, true, ALL, "deploy"),
            core(Kinds.REPLICA_SET, CoreColumns.REPLICA_SET, true, ALL, "rs"),
            core(Kinds.JOB, JobColumns.JOB, true, ALL),
            core(Kinds.CRON_JOB, JobColumns.CRON_JOB, true, ALL, "cj"),
            core(
                    Kinds.CUSTOM_RESOURCE_DEFINITION,
                    List.of(Column.age("Created At", "/metadata/creationTimestamp")),
                    true,
                    List.of("api-extensions"),
                    "crd",
                    "crds"),
            core(
                    Kinds.DISRUPTION_BUDGET,
                    List.of(
                            Column.text("Min Available", budget -> said(budget, "minAvailable")),
                            Column.text("Max Unavailable", budget -> said(budget, "maxUnavailable")),
                            Column.number(
                                    "Allowed Disruptions",
                                    budget -> budget.at("/status/disruptionsAllowed")
                                            .asLong(0)),
                            Column.age()),
                    true,
                    List.of(),
                    "pdb"),
            core(Kinds.LEASE, List.of(Column.at("Holder", "/spec/holderIdentity"), Column.age()), false, List.of()),
            Map.entry(
                    Kinds.AUTOSCALER,
                    ServedKind.known(
                            Kinds.AUTOSCALER,
                            List.of("v2", "v1"),
                            List.of("hpa"),
                            ALL,
                            true,
                            true,
                            CoreColumns.AUTOSCALER)),
            core(
                    Kinds.ADMISSION_POLICY,
                    List.of(Column.at("ParamKind", "/spec/paramKind/kind"), Column.age()),
                    true,
                    List.of()),
            core(
                    Kinds.ADMISSION_POLICY_BINDING,
                    List.of(
                            Column.at("PolicyName", "/spec/policyName"),
                            Column.at("ParamRef", "/spec/paramRef/name"),
                            Column.age()),
                    false,
                    List.of()),
            core(Kinds.ROLE, CoreColumns.ROLE, false, List.of()),
            core(Kinds.CLUSTER_ROLE, CoreColumns.ROLE, false, List.of()),
            core(Kinds.ROLE_BINDING, CoreColumns.ROLE_BINDING, false, List.of()),
            core(Kinds.CLUSTER_ROLE_BINDING, CoreColumns.ROLE_BINDING, false, List.of()),
            custom(
                    Kinds.KNATIVE_SERVICE,
                    KNATIVE,
                    List.of(
                            Column.at("URL", "/status/url"),
                            Column.at("LatestCreated", "/status/latestCreatedRevisionName"),
                            Column.at("LatestReady", "/status/latestReadyRevisionName"),
                            Column.condition("Ready", "Ready", "status"),
                            Column.condition("Reason", "Ready", "reason")),
                    "kservice",
                    "ksvc"),
            custom(
                    Kinds.CONFIGURATION,
                    KNATIVE,
                    List.of(
                            Column.at("LatestCreated", "/status/latestCreatedRevisionName"),
                            Column.at("LatestReady", "/status/latestReadyRevisionName"),
                            Column.condition("Ready", "Ready", "status"),
                            Column.condition("Reason", "Ready", "reason")),
                    "config",
                    "cfg",
                    "kcfg"),
            custom(
                    Kinds.REVISION,
                    KNATIVE,
                    List.of(
                            Column.at("Config Name", "/metadata/labels/serving.knative.dev~1configuration"),
                            Column.at("Generation", "/metadata/labels/serving.knative.dev~1configurationGeneration"),
                            Column.condition("Ready", "Ready", "status"),
                            Column.condition("Reason", "Ready", "reason"),
                            Column.at("Actual Replicas", "/status/actualReplicas"),
                            Column.at("Desired Replicas", "/status/desiredReplicas")),
                    "rev"),
            custom(
                    Kinds.ROUTE,
                    KNATIVE,
                    List.of(
                            Column.at("URL", "/status/url"),
                            Column.condition("Ready", "Ready", "status"),
                            Column.condition("Reason", "Ready", "reason")),
                    "rt"),
            custom(
                    Kinds.DOMAIN_MAPPING,
                    KNATIVE,
                    List.of(
                            Column.at("URL", "/status/url"),
                            Column.condition("Ready", "Ready", "status"),
                            Column.condition("Reason", "Ready", "reason")),
                    "dm"),
            custom(
                    Kinds.LISTENER,
                    EMISSARY,
                    List.of(
                            Column.at("Port", "/spec/port"),
                            Column.at("Protocol", "/spec/protocol"),
                            Column.at("Stack", "/spec/protocolStack"),
                            Column.at("StatsPrefix", "/spec/statsPrefix"),
                            Column.at("Security", "/spec/securityModel"),
                            Column.at("L7Depth", "/spec/l7Depth"))),
            custom(
                    Kinds.HOST,
                    List.of("v3alpha1", "v2"),
                    EMISSARY,
                    List.of(
                            Column.at("Hostname", "/spec/hostname"),
                            Column.at("State", "/status/state"),
                            Column.at("Phase Completed", "/status/phaseCompleted"),
                            Column.at("Phase Pending", "/status/phasePending"),
                            Column.age())),
            custom(
                    Kinds.MAPPING,
                    List.of("v3alpha1", "v2"),
                    EMISSARY,
                    List.of(
                            Column.text("Source Host", ServedKinds::sourceHost),
                            Column.at("Source Prefix", "/spec/prefix"),
                            Column.at("Dest Service", "/spec/service"),
                            Column.at("State", "/status/state"),
                            Column.at("Reason", "/status/reason"))),
            custom(Kinds.MODULE, List.of("v3alpha1", "v2"), EMISSARY, PLAIN),
            custom(Kinds.TLS_CONTEXT, List.of("v3alpha1", "v2"), EMISSARY, PLAIN),
            custom(Kinds.TRACING_SERVICE, List.of("v3alpha1", "v2"), EMISSARY, PLAIN),
            custom(Kinds.LOG_SERVICE, List.of("v3alpha1", "v2"), EMISSARY, PLAIN),
            custom(
                    Kinds.SERVER,
                    List.of("v1beta3", "v1beta2", "v1beta1"),
                    List.of(),
                    List.of(Column.at("Port", "/spec/port"), Column.age()),
                    "srv"),
            custom(
                    Kinds.RATE_LIMIT,
                    List.of(),
                    List.of(
                            Column.at("Target_kind", "/spec/targetRef/kind"),
                            Column.at("Target_name", "/spec/targetRef/name"),
                            Column.at("Total_RPS", "/spec/total/requestsPerSecond"),
                            Column.at("Identity_RPS", "/spec/identity/requestsPerSecond"))),
            custom(
                    Kinds.FAULT,
                    List.of(),
                    List.of(
                            Column.at("Service", "/spec/service"),
                            Column.at("Mapping", "/spec/mapping"),
                            Column.at("Share", "/spec/share"),
                            Column.at("Delay", "/spec/delay"),
                            Column.at("Abort", "/spec/abort"),
                            Column.age())),
            custom(
                    Kinds.TCP_MAPPING,
                    List.of("v3alpha1", "v2"),
                    EMISSARY,
                    List.of(
                            Column.at("Source Host", "/spec/host"),
                            Column.at("Source Port", "/spec/port"),
                            Column.at("Dest Service", "/spec/service"),
                            Column.at("State", "/status/state"),
                            Column.at("Reason", "/status/reason"))),
            custom(Kinds.TRAFFIC_SPLIT, SMI_VERSIONS, List.of(), List.of(Column.at("Service", "/spec/service")), "ts"),
            custom(Kinds.TRAFFIC_TARGET, SMI_VERSIONS.subList(1, 4), List.of(), PLAIN, "tt"),
            custom(Kinds.HTTP_ROUTE_GROUP, SMI_VERSIONS, List.of(), PLAIN, "htr"),
            custom(Kinds.TCP_ROUTE, SMI_VERSIONS, List.of(), PLAIN, "tr"),
            custom(
                    Kinds.SLO,
                    List.of(),
                    List.of(
                            Column.at("Service", "/spec/service"),
                            Column.at("Target", "/spec/objectives/0/target"),
                            Column.at("Window", "/spec/timeWindow/0/duration"),
                            Column.age())),
            custom(
                    Kinds.LOCAL_IMAGE,
                    List.of(),
                    List.of(
                            Column.text(
                                    "Image", image -> image.at("/spec/image").asString(image.name())),
                            Column.text("Runs", ServedKinds::runs),
                            Column.age())));

    private volatile List<ServedKind> served;

    public ServedKinds() {
        served = Kinds.served().stream()
                .map(kind -> KNOWN.getOrDefault(kind, plain(kind)))
                .toList();
    }

    public List<ServedKind> all() {
        return served;
    }

    /** The kinds of Weft's own that are no part of Kubernetes. */
    public List<ServedKind> ours() {
        return served.stream().filter(it -> !it.foreign() && !it.builtIn()).toList();
    }

    /**
     * Serves a kind that somebody brought; one of ours is described by it and stays what it is.
     *
     * @return the kind that has one of its names already: then nothing changes
     */
    public synchronized Optional<ServedKind> define(CustomResourceDefinition definition) {
        Optional<ServedKind> holder = holder(definition);
        if (holder.isPresent()) {
            return holder;
        }
        Kind kind = definition.kind();
        List<ServedKind> others =
                served.stream().filter(it -> !it.kind().equals(kind)).toList();
        ServedKind defined = find(kind)
                .filter(known -> !known.foreign())
                .map(known -> known.described(definition))
                .orElseGet(() -> ServedKind.foreign(definition));
        served = Stream.concat(others.stream(), Stream.of(defined)).toList();
        return Optional.empty();
    }

    /** Serves what a definition defined no longer; one of ours stays, and what another definition defined. */
    public synchronized void forget(CustomResourceDefinition definition) {
        served = served.stream()
                .filter(it -> !it.foreign() || !it.isOf(definition))
                .toList();
    }

    /** The kind of another definition, or of ours, that has a name which this definition wants in the same group. */
    public Optional<ServedKind> holder(CustomResourceDefinition definition) {
        return served.stream()
                .filter(it -> it.sharesNames(definition) && !it.isOf(definition))
                .findFirst();
    }

    /** Whether the kind is served as this definition's. */
    public boolean serves(CustomResourceDefinition definition) {
        return find(definition.kind()).filter(it -> it.isOf(definition)).isPresent();
    }

    public Optional<ServedKind> find(Kind kind) {
        return served.stream().filter(it -> it.kind().equals(kind)).findFirst();
    }

    /** What a URL names. */
    public Optional<ServedKind> find(String group, String version, String plural) {
        return served.stream()
                .filter(it -> it.kind().group().equals(group)
                        && it.kind().plural().equals(plural)
                        && it.versions().contains(version))
                .findFirst();
    }

    /** The groups, the core group first. */
    public SequencedSet<String> groups() {
        SequencedSet<String> groups = new LinkedHashSet<>();
        served.forEach(it -> groups.add(it.kind().group()));
        return groups;
    }

    /** The versions of a group, the preferred one first; empty for an unknown group. */
    public SequencedSet<String> versions(String group) {
        return served.stream()
                .filter(it -> it.kind().group().equals(group))
                .flatMap(it -> it.versions().stream())
                .sorted(new VersionOrder())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The kinds of a group in a version. */
    public List<ServedKind> in(String group, String version) {
        return served.stream()
                .filter(it -> it.kind().group().equals(group) && it.versions().contains(version))
                .toList();
    }

    private static String said(Resource budget, String field) {
        return budget.at("/spec/" + field).asString("N/A");
    }

    private static String sourceHost(Resource mapping) {
        return mapping.at("/spec/hostname").asString(mapping.at("/spec/host").asString(""));
    }

    private static String runs(Resource image) {
        return List.of("function", "jar", "command").stream()
                .filter(field -> image.at("/spec").has(field))
                .findFirst()
                .orElse("");
    }

    private static ServedKind plain(Kind kind) {
        return ServedKind.known(kind, List.of(kind.version()), List.of(), List.of(), false, true, PLAIN);
    }

    private static Map.Entry<Kind, ServedKind> core(
            Kind kind, List<Column> columns, boolean status, List<String> categories, String... shortNames) {
        return Map.entry(
                kind,
                ServedKind.known(
                        kind, List.of(kind.version()), List.of(shortNames), categories, status, true, columns));
    }

    private static Map.Entry<Kind, ServedKind> custom(
            Kind kind, List<String> categories, List<Column> columns, String... shortNames) {
        return custom(kind, List.of(kind.version()), categories, columns, shortNames);
    }

    private static Map.Entry<Kind, ServedKind> custom(
            Kind kind, List<String> versions, List<String> categories, List<Column> columns, String... shortNames) {
        return Map.entry(kind, ServedKind.known(kind, versions, List.of(shortNames), categories, true, false, columns));
    }
}
