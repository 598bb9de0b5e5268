package dev.weft.cli.function;

import dev.weft.cli.client.Refusal;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A function as resources: the fields of {@code func.yaml} by the names that Knative has for them. */
final class Documents {

    static final String LABEL = "function.knative.dev/name";
    static final String NAMESPACE_LABEL = "function.knative.dev/namespace";
    static final String RUNTIME_LABEL = "function.knative.dev/runtime";

    private static final Pattern TEMPLATE =
            Pattern.compile("\\{\\{\\s*(env|secret|configMap):([^:}]+?)(?::([^}]+?))?\\s*}}");
    private static final String SCALING = "autoscaling.knative.dev/";

    private final FuncYaml yaml;
    private final String namespace;
    private final UnaryOperator<String> environment;

    /** @param environment a variable of this program, for {@code {{ env:X }}}; empty for none */
    Documents(FuncYaml yaml, String namespace, UnaryOperator<String> environment) {
        this.yaml = yaml;
        this.namespace = namespace;
        this.environment = environment;
    }

    /** What containers write in {@code image:}, and the resource's name. */
    String image(Build.Built built) {
        return "fn-" + namespace + "-" + yaml.name() + "-" + built.id();
    }

    ObjectNode localImage(Build.Built built) {
        ObjectNode image = JsonNodeFactory.instance.objectNode();
        image.put("apiVersion", "weft.dev/v1alpha1").put("kind", "LocalImage");
        ObjectNode metadata = image.putObject("metadata").put("name", image(built));
        metadata.putObject("labels").put(LABEL, yaml.name()).put(NAMESPACE_LABEL, namespace);
        ObjectNode spec = image.putObject("spec");
        switch (built) {
            case Build.Built.Function function -> {
                ObjectNode program = spec.putObject("function").put("class", function.className());
                ArrayNode classpath = program.putArray("classpath");
                function.classpath().forEach(path -> classpath.add(path.toString()));
            }
            case Build.Built.Command command -> {
                ArrayNode words = spec.putArray("command");
                command.command().forEach(words::add);
                spec.put("workingDirectory", command.directory().toString());
            }
        }
        return image;
    }

    ObjectNode service(Build.Built built) {
        ObjectNode service = JsonNodeFactory.instance.objectNode();
        service.put("apiVersion", "serving.knative.dev/v1").put("kind", "Service");
        ObjectNode metadata = service.putObject("metadata");
        metadata.put("name", yaml.name()).put("namespace", namespace);
        ObjectNode labels = metadata.putObject("labels");
        labels.put(LABEL, yaml.name()).put(RUNTIME_LABEL, yaml.text("/runtime"));
        for (JsonNode label : yaml.at("/deploy/labels")) {
            labels.put(label.path("key").asString(""), value(label.path("value").asString("")));
        }
        ObjectNode template = service.withObject("/spec/template");
        ObjectNode annotations = template.withObject("/metadata/annotations");
        yaml.at("/deploy/annotations").forEachEntry((name, value) -> annotations.put(name, value.asString("")));
        scale(annotations);
        ObjectNode spec = template.withObject("/spec");
        JsonNode concurrency = yaml.tree().at("/deploy/options/resources/limits/concurrency");
        if (!concurrency.isMissingNode()) {
            spec.put("containerConcurrency", concurrency.asInt(0));
        }
        if (!yaml.text("/deploy/serviceAccountName").isEmpty()) {
            spec.put("serviceAccountName", yaml.text("/deploy/serviceAccountName"));
        }
        ObjectNode container = spec.putArray("containers").addObject().put("image", image(built));
        variables(container);
        resources(container);
        volumes(spec, container);
        probe("liveness", container);
        probe("readiness", container);
        return service;
    }

    private void scale(ObjectNode annotations) {
        Map<String, String> names = Map.of(
                "min", "min-scale",
                "max", "max-scale",
                "metric", "metric",
                "target", "target",
                "utilization", "target-utilization-percentage");
        yaml.at("/deploy/options/scale").forEachEntry((name, value) -> {
            String annotation = names.get(name);
            if (annotation != null) {
                annotations.put(SCALING + annotation, value.asString(""));
            }
        });
    }

    private void variables(ObjectNode container) {
        for (JsonNode variable : yaml.at("/run/envs")) {
            String name = variable.path("name").asString("");
            String text = variable.path("value").asString("");
            Matcher template = TEMPLATE.matcher(text);
            boolean refers = template.matches() && !template.group(1).equals("env");
            if (name.isEmpty() && refers) { // all of its keys
                container
                        .withArray("/envFrom")
                        .addObject()
                        .putObject(template.group(1).equals("secret") ? "secretRef" : "configMapRef")
                        .put("name", template.group(2));
            } else if (refers && template.group(3) != null) {
                container
                        .withArray("/env")
                        .addObject()
                        .put("name", name)
                        .putObject("valueFrom")
                        .putObject(template.group(1).equals("secret") ? "secretKeyRef" : "configMapKeyRef")
                        .put("name", template.group(2))
                        .put("key", template.group(3));
            } else {
                container.withArray("/env").addObject().put("name", name).put("value", value(text));
            }
        }
    }

    /** With what this program's environment says in the place of {@code {{ env:X }}}. */
    private String value(String text) {
        Matcher template = TEMPLATE.matcher(text);
        if (!template.matches() || !template.group(1).equals("env")) {
            return text;
        }
        String value = environment.apply(template.group(2));
        if (value.isEmpty()) {
            throw Refusal.failed(FuncYaml.FILE + ": " + text + ": " + template.group(2) + " is not set");
        }
        return value;
    }

    private void resources(ObjectNode container) {
        for (String kind : List.of("requests", "limits")) {
            for (String what : List.of("cpu", "memory")) {
                String amount = yaml.text("/deploy/options/resources/" + kind + "/" + what);
                if (!amount.isEmpty()) {
                    container.withObject("/resources/" + kind).put(what, amount);
                }
            }
        }
    }

    private void volumes(ObjectNode spec, ObjectNode container) {
        int number = 0;
        for (JsonNode volume : yaml.at("/run/volumes")) {
            String name = "volume-" + number++;
            ObjectNode made = spec.withArray("/volumes").addObject().put("name", name);
            boolean secret = volume.hasNonNull("secret");
            if (secret) {
                made.putObject("secret").put("secretName", volume.path("secret").asString(""));
            } else if (volume.hasNonNull("configMap")) {
                made.putObject("configMap").put("name", volume.path("configMap").asString(""));
            } else if (volume.has("emptyDir")) {
                made.putObject("emptyDir");
            } else {
                throw Refusal.failed(FuncYaml.FILE + ": run.volumes: only secret, configMap and emptyDir are built");
            }
            container
                    .withArray("/volumeMounts")
                    .addObject()
                    .put("name", name)
                    .put("mountPath", volume.path("path").asString(""));
        }
    }

    private void probe(String which, ObjectNode container) {
        String path = yaml.text("/deploy/healthEndpoints/" + which);
        if (!path.isEmpty()) {
            container.withObject("/" + which + "Probe/httpGet").put("path", path);
        }
    }
}
