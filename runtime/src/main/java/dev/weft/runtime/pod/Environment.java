package dev.weft.runtime.pod;

import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Instance;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.runtime.volume.PodFields;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * What a program finds in its environment, weakest first: the few variables of the host that programs need to run at
 * all, the image's, the services of its namespace, what the wire says, the container's own. {@code PORT} is the wire's
 * in any case, because only the wire knows it; Java options of wire and container are joined.
 */
public final class Environment {

    private static final List<String> FROM_HOST = List.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ");
    private static final String JAVA_OPTIONS = "JDK_JAVA_OPTIONS";

    private final ResourceStore store;
    private final ServiceLinks links;
    private final UnaryOperator<String> host;
    private final String javaHome;

    /**
     * @param host a variable of the platform's own environment, empty when it is not set
     * @param javaHome of the JDK that runs the platform; it is first on the program's PATH
     */
    public Environment(ResourceStore store, UnaryOperator<String> host, String javaHome) {
        this.store = store;
        this.links = new ServiceLinks(store);
        this.host = host;
        this.javaHome = javaHome;
    }

    /** Something that the environment refers to is not there; the message says what. */
    static final class MissingReference extends Exception {
        private static final long serialVersionUID = 1;

        MissingReference(String message) {
            super(message);
        }
    }

    /** The service ports that the pod's program needs an outlet to. */
    List<ServicePort> outletsWanted(PodSpec pod) {
        return pod.serviceLinks() ? links.wanted(pod.resource().namespace()) : List.of();
    }

    Map<String, String> of(
            PodSpec pod,
            ContainerSpec container,
            String address,
            List<Instance.Outlet> outlets,
            Map<String, String> image,
            Map<String, String> wire)
            throws MissingReference {
        Map<String, String> environment = ofEveryProgram();
        environment.put("HOSTNAME", pod.resource().name());
        environment.putAll(image);
        if (pod.serviceLinks()) {
            environment.putAll(links.variables(pod.resource().namespace(), address, outlets));
        }
        environment.putAll(wire);
        addFrom(pod, container, environment);
        addOwn(pod, container, address, environment);
        force(wire, environment);
        return environment;
    }

    /** What any program finds, whatever its pod. */
    public Map<String, String> ofEveryProgram() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : FROM_HOST) {
            if (!host.apply(name).isEmpty()) {
                environment.put(name, host.apply(name));
            }
        }
        environment.put("JAVA_HOME", javaHome);
        environment.merge("PATH", "/usr/local/bin:/usr/bin:/bin", (path, usual) -> path.isEmpty() ? usual : path);
        environment.computeIfPresent("PATH", (name, path) -> javaHome + "/bin:" + path);
        return environment;
    }

    private static void force(Map<String, String> wire, Map<String, String> environment) {
        if (wire.containsKey("PORT")) {
            environment.put("PORT", wire.getOrDefault("PORT", ""));
        }
        String options = wire.getOrDefault(JAVA_OPTIONS, "");
        String own = environment.getOrDefault(JAVA_OPTIONS, "");
        if (!own.equals(options)) {
            environment.put(JAVA_OPTIONS, (options + " " + own).strip());
        }
    }

    private void addFrom(PodSpec pod, ContainerSpec container, Map<String, String> environment)
            throws MissingReference {
        for (JsonNode from : container.envFrom()) {
            String prefix = from.path("prefix").asString("");
            boolean secret = from.path("secretRef").isObject();
            JsonNode reference = from.path(secret ? "secretRef" : "configMapRef");
            Optional<Map<String, String>> values = values(
                    secret, pod.resource().namespace(), reference.path("name").asString(""));
            if (values.isEmpty() && !reference.path("optional").asBoolean(false)) {
                throw missing(secret, pod, reference);
            }
            values.orElse(Map.of()).forEach((name, value) -> environment.put(prefix + name, value));
        }
    }

    private void addOwn(PodSpec pod, ContainerSpec container, String address, Map<String, String> environment)
            throws MissingReference {
        for (JsonNode variable : container.env()) {
            String name = variable.path("name").asString("");
            JsonNode from = variable.path("valueFrom");
            if (from.isObject()) {
                Optional<String> value = referred(pod, address, from);
                value.ifPresent(found -> environment.put(name, found));
            } else {
                environment.put(name, Expansion.expand(variable.path("value").asString(""), environment));
            }
        }
    }

    private Optional<String> referred(PodSpec pod, String address, JsonNode from) throws MissingReference {
        if (from.path("fieldRef").isObject()) {
            String path = from.path("fieldRef").path("fieldPath").asString("");
            return Optional.of(field(pod, address, path));
        }
        boolean secret = from.path("secretKeyRef").isObject();
        JsonNode reference = from.path(secret ? "secretKeyRef" : "configMapKeyRef");
        Optional<String> value = values(
                        secret,
                        pod.resource().namespace(),
                        reference.path("name").asString(""))
                .flatMap(values ->
                        Optional.ofNullable(values.get(reference.path("key").asString(""))));
        if (value.isEmpty() && !reference.path("optional").asBoolean(false)) {
            throw missing(secret, pod, reference);
        }
        return value;
    }

    private static String field(PodSpec pod, String address, String path) throws MissingReference {
        return PodFields.of(pod.resource(), address, path)
                .orElseThrow(() -> new MissingReference("fieldRef " + path + " is not known here"));
    }

    private Optional<Map<String, String>> values(boolean secret, String namespace, String name) {
        return store.get((secret ? Kinds.SECRET : Kinds.CONFIG_MAP).key(namespace, name))
                .map(resource -> {
                    Map<String, String> values = Resource.strings(resource.at("/data"));
                    if (secret) {
                        values.replaceAll((key, value) -> decoded(value));
                        values.putAll(Resource.strings(resource.at("/stringData")));
                    }
                    return values;
                });
    }

    private static String decoded(String base64) {
        return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static MissingReference missing(boolean secret, PodSpec pod, JsonNode reference) {
        String kind = secret ? "Secret " : "ConfigMap ";
        String key = reference.path("key").asString("");
        return new MissingReference(kind + pod.resource().namespace() + "/"
                + reference.path("name").asString("")
                + (key.isEmpty() ? " does not exist" : " does not exist or has no key \"" + key + "\"")
                + "; create it, or mark the reference optional.");
    }
}
