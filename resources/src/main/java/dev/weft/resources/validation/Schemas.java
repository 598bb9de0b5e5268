package dev.weft.resources.validation;

import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.apps.Deployment;
import dev.weft.resources.apps.DisruptionBudget;
import dev.weft.resources.apps.Job;
import dev.weft.resources.apps.ReplicaSet;
import dev.weft.resources.batch.CronJob;
import dev.weft.resources.core.ConfigMap;
import dev.weft.resources.core.Pod;
import dev.weft.resources.core.Secret;
import dev.weft.resources.core.Service;
import dev.weft.resources.core.ServiceEndpoints;
import dev.weft.resources.definition.CustomResourceDefinition;
import dev.weft.resources.emissary.EdgeModule;
import dev.weft.resources.emissary.Host;
import dev.weft.resources.emissary.Listener;
import dev.weft.resources.emissary.LogService;
import dev.weft.resources.emissary.Mapping;
import dev.weft.resources.emissary.TcpMapping;
import dev.weft.resources.emissary.TlsContext;
import dev.weft.resources.emissary.TracingService;
import dev.weft.resources.knative.Configuration;
import dev.weft.resources.knative.DomainMapping;
import dev.weft.resources.knative.KnativeService;
import dev.weft.resources.knative.Revision;
import dev.weft.resources.knative.Route;
import dev.weft.resources.linkerd.HttpLocalRateLimitPolicy;
import dev.weft.resources.linkerd.Server;
import dev.weft.resources.openslo.Slo;
import dev.weft.resources.permission.AdmissionPolicy;
import dev.weft.resources.permission.AdmissionPolicyBinding;
import dev.weft.resources.permission.Role;
import dev.weft.resources.permission.RoleBinding;
import dev.weft.resources.permission.WebhookConfiguration;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Names;
import dev.weft.resources.smi.HttpRouteGroup;
import dev.weft.resources.smi.TcpRoute;
import dev.weft.resources.smi.TrafficSplit;
import dev.weft.resources.smi.TrafficTarget;
import dev.weft.resources.weft.Fault;
import dev.weft.resources.weft.LocalImage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/** Each kind's reader and the versions it accepts. */
final class Schemas {

    private static final Map<Kind, BiFunction<Resource, Fields, Record>> READERS = Map.ofEntries(
            Map.entry(Kinds.SERVICE, Service::of),
            Map.entry(Kinds.ENDPOINTS, ServiceEndpoints::of),
            Map.entry(Kinds.POD, Pod::of),
            Map.entry(Kinds.CONFIG_MAP, ConfigMap::of),
            Map.entry(Kinds.SECRET, Secret::of),
            Map.entry(Kinds.DEPLOYMENT, Deployment::of),
            Map.entry(Kinds.REPLICA_SET, ReplicaSet::of),
            Map.entry(Kinds.JOB, Job::of),
            Map.entry(Kinds.DISRUPTION_BUDGET, DisruptionBudget::of),
            Map.entry(Kinds.CRON_JOB, CronJob::of),
            Map.entry(Kinds.KNATIVE_SERVICE, KnativeService::of),
            Map.entry(Kinds.CONFIGURATION, Configuration::of),
            Map.entry(Kinds.REVISION, Revision::of),
            Map.entry(Kinds.ROUTE, Route::of),
            Map.entry(Kinds.DOMAIN_MAPPING, DomainMapping::of),
            Map.entry(Kinds.LISTENER, Listener::of),
            Map.entry(Kinds.HOST, Host::of),
            Map.entry(Kinds.MAPPING, Mapping::of),
            Map.entry(Kinds.MODULE, EdgeModule::of),
            Map.entry(Kinds.TLS_CONTEXT, TlsContext::of),
            Map.entry(Kinds.TRACING_SERVICE, TracingService::of),
            Map.entry(Kinds.LOG_SERVICE, LogService::of),
            Map.entry(Kinds.SERVER, Server::of),
            Map.entry(Kinds.RATE_LIMIT, HttpLocalRateLimitPolicy::of),
            Map.entry(Kinds.FAULT, Fault::of),
            Map.entry(Kinds.TCP_MAPPING, TcpMapping::of),
            Map.entry(Kinds.TRAFFIC_SPLIT, TrafficSplit::of),
            Map.entry(Kinds.TRAFFIC_TARGET, TrafficTarget::of),
            Map.entry(Kinds.HTTP_ROUTE_GROUP, HttpRouteGroup::of),
            Map.entry(Kinds.TCP_ROUTE, TcpRoute::of),
            Map.entry(Kinds.SLO, Slo::of),
            Map.entry(Kinds.CUSTOM_RESOURCE_DEFINITION, CustomResourceDefinition::of),
            Map.entry(Kinds.ROLE, Role::of),
            Map.entry(Kinds.CLUSTER_ROLE, Role::of),
            Map.entry(Kinds.ROLE_BINDING, RoleBinding::of),
            Map.entry(Kinds.CLUSTER_ROLE_BINDING, RoleBinding::of),
            Map.entry(Kinds.ADMISSION_POLICY, AdmissionPolicy::of),
            Map.entry(Kinds.ADMISSION_POLICY_BINDING, AdmissionPolicyBinding::of),
            Map.entry(Kinds.VALIDATING_WEBHOOKS, WebhookConfiguration::of),
            Map.entry(Kinds.MUTATING_WEBHOOKS, WebhookConfiguration::of),
            Map.entry(Kinds.LOCAL_IMAGE, LocalImage::of));

    private static final Set<String> SMI_VERSIONS = Set.of("v1alpha1", "v1alpha2", "v1alpha3", "v1alpha4");

    /** Kinds whose older versions have a shape that the reader takes too. */
    private static final Map<Kind, Set<String>> VERSIONS = Map.ofEntries(
            Map.entry(Kinds.TRAFFIC_SPLIT, SMI_VERSIONS),
            Map.entry(Kinds.HTTP_ROUTE_GROUP, SMI_VERSIONS),
            Map.entry(Kinds.TCP_ROUTE, SMI_VERSIONS),
            Map.entry(Kinds.AUTOSCALER, Set.of("v1", "v2")),
            Map.entry(Kinds.TCP_MAPPING, Set.of("v3alpha1", "v2")),
            Map.entry(Kinds.TRAFFIC_TARGET, Set.of("v1alpha1", "v1alpha2", "v1alpha3")),
            Map.entry(Kinds.HOST, Set.of("v3alpha1", "v2")),
            Map.entry(Kinds.MODULE, Set.of("v3alpha1", "v2")),
            Map.entry(Kinds.TLS_CONTEXT, Set.of("v3alpha1", "v2")),
            Map.entry(Kinds.TRACING_SERVICE, Set.of("v3alpha1", "v2")),
            Map.entry(Kinds.LOG_SERVICE, Set.of("v3alpha1", "v2")),
            Map.entry(Kinds.SERVER, Set.of("v1beta1", "v1beta2", "v1beta3")),
            Map.entry(Kinds.MAPPING, Set.of("v3alpha1", "v2")));

    private Schemas() {}

    static Set<String> versions(Kind kind) {
        return VERSIONS.getOrDefault(kind, Set.of(kind.version()));
    }

    /** Whether there is a reader for the kind. */
    static boolean reads(Kind kind) {
        return READERS.containsKey(kind);
    }

    /** Reads the kind's own fields to its typed record; a kind that has no reader may hold anything. */
    static Record read(Resource resource, Fields root) {
        BiFunction<Resource, Fields, Record> reader = READERS.get(resource.kind());
        if (reader == null) {
            root.names();
            if (resource.kind().equals(Kinds.AUTOSCALER)) {
                AutoscalerCheck.check(root);
            }
            return resource;
        }
        return reader.apply(resource, root);
    }

    /** What every kind's metadata must hold; the name that it returns may be empty. */
    static String metadata(Fields metadata, Kind kind) {
        metadata.names();
        String name = metadata.requiredText("name");
        boolean path = kind.group().equals(Kinds.ROLE.group()); // its names may have colons: system:reader
        if (!name.isEmpty() && !path && !Names.subdomain(name)) {
            metadata.invalid(
                    "name",
                    "\"" + name + "\" is no DNS name.",
                    "Write lower case letters, digits, dashes and dots, beginning and ending with a letter or digit.");
        }
        String namespace = metadata.text("namespace", "");
        if (kind.namespaced() && !namespace.isEmpty() && !Names.label(namespace)) {
            metadata.invalid(
                    "namespace", "\"" + namespace + "\" is no DNS label.", "Write lower case letters and digits.");
        }
        metadata.object("labels", Labels::check);
        metadata.object("annotations", annotations -> {
            for (String key : annotations.names()) {
                Labels.checkName(annotations, key);
                JsonNode value = annotations.raw(key);
                if (!value.isString() && !value.isMissingNode()) {
                    annotations.invalid(key, value + " is not a text.", "Quote it: \"" + value + "\".");
                }
            }
            return true;
        });
        metadata.objects("ownerReferences", owner -> {
            owner.inert("controller", "blockOwnerDeletion");
            for (String field : List.of("apiVersion", "kind", "name")) {
                owner.requiredText(field);
            }
            String uid = owner.requiredText("uid");
            if (!uid.isEmpty() && uid.equals(metadata.text("uid", ""))) {
                owner.invalid("uid", "is its own: nothing can own itself.", "Name another resource, or none.");
            }
            return uid;
        });
        return name;
    }
}
