package dev.weft.resources;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Every kind that Weft itself understands, in the version that is stored. */
public final class Kinds {

    public static final Kind NAMESPACE = core("Namespace", "namespaces", false);
    public static final Kind NODE = core("Node", "nodes", false);
    public static final Kind SERVICE = core("Service", "services", true);
    public static final Kind POD = core("Pod", "pods", true);
    public static final Kind CONFIG_MAP = core("ConfigMap", "configmaps", true);
    public static final Kind SECRET = core("Secret", "secrets", true);
    public static final Kind SERVICE_ACCOUNT = core("ServiceAccount", "serviceaccounts", true);
    public static final Kind EVENT = core("Event", "events", true);
    public static final Kind ENDPOINTS = core("Endpoints", "endpoints", true);
    public static final Kind ENDPOINT_SLICE =
            new Kind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true);
    public static final Kind DEPLOYMENT = new Kind("apps", "v1", "Deployment", "deployments", true);

    public static final Kind REPLICA_SET = new Kind("apps", "v1", "ReplicaSet", "replicasets", true);

    public static final Kind JOB = new Kind("batch", "v1", "Job", "jobs", true);

    public static final Kind CRON_JOB = new Kind("batch", "v1", "CronJob", "cronjobs", true);

    public static final Kind KNATIVE_SERVICE = new Kind("serving.knative.dev", "v1", "Service", "services", true);
    public static final Kind CONFIGURATION =
            new Kind("serving.knative.dev", "v1", "Configuration", "configurations", true);
    public static final Kind REVISION = new Kind("serving.knative.dev", "v1", "Revision", "revisions", true);
    public static final Kind ROUTE = new Kind("serving.knative.dev", "v1", "Route", "routes", true);
    public static final Kind DOMAIN_MAPPING =
            new Kind("serving.knative.dev", "v1beta1", "DomainMapping", "domainmappings", true);

    public static final Kind LISTENER = new Kind("getambassador.io", "v3alpha1", "Listener", "listeners", true);
    public static final Kind HOST = new Kind("getambassador.io", "v3alpha1", "Host", "hosts", true);
    public static final Kind MAPPING = new Kind("getambassador.io", "v3alpha1", "Mapping", "mappings", true);
    public static final Kind TCP_MAPPING = new Kind("getambassador.io", "v3alpha1", "TCPMapping", "tcpmappings", true);

    public static final Kind MODULE = new Kind("getambassador.io", "v3alpha1", "Module", "modules", true);

    public static final Kind TLS_CONTEXT = new Kind("getambassador.io", "v3alpha1", "TLSContext", "tlscontexts", true);

    public static final Kind TRACING_SERVICE =
            new Kind("getambassador.io", "v3alpha1", "TracingService", "tracingservices", true);

    public static final Kind LOG_SERVICE = new Kind("getambassador.io", "v3alpha1", "LogService", "logservices", true);

    /** Linkerd's; as a target of rate limits alone. */
    public static final Kind SERVER = new Kind("policy.linkerd.io", "v1beta3", "Server", "servers", true);

    public static final Kind RATE_LIMIT =
            new Kind("policy.linkerd.io", "v1alpha1", "HTTPLocalRateLimitPolicy", "httplocalratelimitpolicies", true);

    public static final Kind TRAFFIC_SPLIT =
            new Kind("split.smi-spec.io", "v1alpha4", "TrafficSplit", "trafficsplits", true);
    public static final Kind TRAFFIC_TARGET =
            new Kind("access.smi-spec.io", "v1alpha3", "TrafficTarget", "traffictargets", true);
    public static final Kind HTTP_ROUTE_GROUP =
            new Kind("specs.smi-spec.io", "v1alpha4", "HTTPRouteGroup", "httproutegroups", true);
    public static final Kind TCP_ROUTE = new Kind("specs.smi-spec.io", "v1alpha4", "TCPRoute", "tcproutes", true);

    /** OpenSLO documents have no namespace in the original; here they live in one like everything else. */
    public static final Kind SLO = new Kind("openslo", "v1", "SLO", "slos", true);

    public static final Kind LOCAL_IMAGE = new Kind("weft.dev", "v1alpha1", "LocalImage", "localimages", false);

    public static final Kind FAULT = new Kind("weft.dev", "v1alpha1", "Fault", "faults", true);

    public static final Kind CUSTOM_RESOURCE_DEFINITION =
            new Kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false);

    public static final Kind LEASE = new Kind("coordination.k8s.io", "v1", "Lease", "leases", true);
    public static final Kind AUTOSCALER =
            new Kind("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true);

    public static final Kind DISRUPTION_BUDGET =
            new Kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true);

    /** What pods and nodes use now; asked for, never stored. */
    public static final Kind POD_METRICS = new Kind("metrics.k8s.io", "v1beta1", "PodMetrics", "pods", true);

    public static final Kind NODE_METRICS = new Kind("metrics.k8s.io", "v1beta1", "NodeMetrics", "nodes", false);

    public static final Kind ADMISSION_POLICY = admission("ValidatingAdmissionPolicy", "validatingadmissionpolicies");
    public static final Kind ADMISSION_POLICY_BINDING =
            admission("ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings");
    public static final Kind VALIDATING_WEBHOOKS =
            admission("ValidatingWebhookConfiguration", "validatingwebhookconfigurations");
    public static final Kind MUTATING_WEBHOOKS =
            admission("MutatingWebhookConfiguration", "mutatingwebhookconfigurations");

    public static final Kind ROLE = access("Role", "roles", true);
    public static final Kind ROLE_BINDING = access("RoleBinding", "rolebindings", true);
    public static final Kind CLUSTER_ROLE = access("ClusterRole", "clusterroles", false);
    public static final Kind CLUSTER_ROLE_BINDING = access("ClusterRoleBinding", "clusterrolebindings", false);

    /** Kinds of Kubernetes that the API serves to its clients and from which nothing follows for traffic. */
    private static final List<Kind> SERVED_ONLY = List.of(
            CRON_JOB,
            CUSTOM_RESOURCE_DEFINITION,
            LEASE,
            AUTOSCALER,
            DISRUPTION_BUDGET,
            ROLE,
            ROLE_BINDING,
            CLUSTER_ROLE,
            CLUSTER_ROLE_BINDING,
            ADMISSION_POLICY,
            ADMISSION_POLICY_BINDING,
            VALIDATING_WEBHOOKS,
            MUTATING_WEBHOOKS,
            POD_METRICS,
            NODE_METRICS,
            review("authorization.k8s.io", "SelfSubjectAccessReview", false),
            review("authorization.k8s.io", "SelfSubjectRulesReview", false),
            review("authorization.k8s.io", "SubjectAccessReview", false),
            review("authorization.k8s.io", "LocalSubjectAccessReview", true),
            review("authentication.k8s.io", "SelfSubjectReview", false),
            review("authentication.k8s.io", "TokenReview", false));

    private static final List<Kind> ALL = List.of(
            NAMESPACE,
            NODE,
            SERVICE,
            POD,
            CONFIG_MAP,
            SECRET,
            SERVICE_ACCOUNT,
            EVENT,
            ENDPOINTS,
            ENDPOINT_SLICE,
            DEPLOYMENT,
            REPLICA_SET,
            JOB,
            KNATIVE_SERVICE,
            CONFIGURATION,
            REVISION,
            ROUTE,
            DOMAIN_MAPPING,
            LISTENER,
            HOST,
            MAPPING,
            MODULE,
            TLS_CONTEXT,
            TRACING_SERVICE,
            LOG_SERVICE,
            SERVER,
            RATE_LIMIT,
            TCP_MAPPING,
            TRAFFIC_SPLIT,
            TRAFFIC_TARGET,
            HTTP_ROUTE_GROUP,
            TCP_ROUTE,
            SLO,
            LOCAL_IMAGE,
            FAULT);

    private Kinds() {}

    public static List<Kind> all() {
        return ALL;
    }

    /** Those and the ones that are kept for clients of the API alone. */
    public static List<Kind> served() {
        return Stream.concat(ALL.stream(), SERVED_ONLY.stream()).toList();
    }

    /** The kind of this group and name, whatever version the document is written in. */
    public static Optional<Kind> find(String group, String kind) {
        return Stream.concat(ALL.stream(), SERVED_ONLY.stream())
                .filter(known -> known.group().equals(group) && known.kind().equals(kind))
                .findFirst();
    }

    private static Kind access(String kind, String plural, boolean namespaced) {
        return new Kind("rbac.authorization.k8s.io", "v1", kind, plural, namespaced);
    }

    private static Kind admission(String kind, String plural) {
        return new Kind("admissionregistration.k8s.io", "v1", kind, plural, false);
    }

    private static Kind review(String group, String kind, boolean namespaced) {
        return new Kind(group, "v1", kind, kind.toLowerCase(Locale.ROOT) + "s", namespaced);
    }

    private static Kind core(String kind, String plural, boolean namespaced) {
        return new Kind("", "v1", kind, plural, namespaced);
    }
}
