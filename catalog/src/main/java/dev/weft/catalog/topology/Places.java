package dev.weft.catalog.topology;

import dev.weft.catalog.declared.Declared;
import dev.weft.catalog.metrics.Party;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Says which node a workload or a service is. A Deployment that belongs to a revision is that revision. */
final class Places {

    private static final String REVISION_LABEL = "serving.knative.dev/revision";
    private static final String AUTHORITY_SUFFIX = ".svc.cluster.local:";

    private final Declared declared;
    private final Snapshot snapshot;

    Places(Declared declared, Snapshot snapshot) {
        this.declared = declared;
        this.snapshot = snapshot;
    }

    String workload(Party party) {
        if (party.kind().equals("Edge")) {
            return "edge";
        }
        if (party.kind().equals("Revision")) {
            return "revision/" + party.namespace() + "/" + party.name();
        }
        return revision(party)
                .map(name -> "revision/" + party.namespace() + "/" + name)
                .orElse("workload/" + party.namespace() + "/" + party.name());
    }

    static String service(ServicePort port) {
        return "service/" + port.service();
    }

    /** Of an authority as series carry it; empty for what is no service of the mesh. */
    static Optional<String> service(String authority) {
        int suffix = authority.indexOf(AUTHORITY_SUFFIX);
        int dot = authority.indexOf('.');
        return suffix > dot && dot > 0
                ? Optional.of("service/" + authority.substring(dot + 1, suffix) + "/" + authority.substring(0, dot))
                : Optional.empty();
    }

    /** The workloads behind a service, running or not. */
    Set<String> behind(ServicePort leaf) {
        Set<String> ids = new TreeSet<>();
        EndpointGroup group = snapshot.groups().get(leaf);
        if (group != null) {
            group.endpoints()
                    .forEach(endpoint ->
                            endpoint.workload().ifPresent(workload -> ids.add(workload(Party.of(workload)))));
        }
        String namespace = leaf.service().namespace();
        declared.find(Kinds.SERVICE, namespace, leaf.service().name()).ifPresent(service -> {
            String revision = service.labels().getOrDefault(REVISION_LABEL, "");
            if (!revision.isEmpty()) {
                ids.add("revision/" + namespace + "/" + revision);
            }
            ids.addAll(selected(service));
        });
        return ids;
    }

    private Set<String> selected(Resource service) {
        Map<String, String> selector = Resource.strings(service.at("/spec/selector"));
        Set<String> ids = new TreeSet<>();
        if (selector.isEmpty()) {
            return ids;
        }
        for (Resource deployment : declared.all(Kinds.DEPLOYMENT)) {
            Map<String, String> labels = Resource.strings(deployment.at("/spec/template/metadata/labels"));
            if (deployment.namespace().equals(service.namespace())
                    && labels.entrySet().containsAll(selector.entrySet())) {
                ids.add(workload(new Party(deployment.namespace(), "Deployment", deployment.name())));
            }
        }
        return ids;
    }

    private Optional<String> revision(Party party) {
        Optional<String> label = declared.find(Kinds.DEPLOYMENT, party.namespace(), party.name())
                .map(deployment -> deployment.labels().getOrDefault(REVISION_LABEL, ""))
                .filter(revision -> !revision.isEmpty());
        if (label.isPresent() || !party.name().endsWith("-deployment")) {
            return label;
        }
        String stem = party.name().substring(0, party.name().length() - "-deployment".length());
        return declared.find(Kinds.REVISION, party.namespace(), stem).map(Resource::name);
    }
}
