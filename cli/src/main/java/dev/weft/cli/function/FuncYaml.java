package dev.weft.cli.function;

import dev.weft.cli.client.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What {@code func.yaml} says, in the fields of {@code func}, and how to run it here in a section {@code weft} of its own.
 *
 * @param tree all of it
 * @param remarks on fields that nobody knows, and on those without effect here
 */
record FuncYaml(JsonNode tree, List<String> remarks) {

    static final String FILE = "func.yaml";

    private static final String IMAGES = "what runs is built on this machine, and no image is pushed or pulled";
    private static final String BUILDS = "builds run on this machine: say how in weft.build";

    /** Fields that are read; a name that ends in a dot stands for all below it. */
    private static final List<String> KNOWN = List.of(
            "specVersion",
            "name",
            "runtime",
            "namespace",
            "created",
            "invoke",
            "run.envs.",
            "run.volumes.",
            "deploy.namespace",
            "deploy.annotations.",
            "deploy.labels.",
            "deploy.serviceAccountName",
            "deploy.healthEndpoints.",
            "deploy.options.scale.min",
            "deploy.options.scale.max",
            "deploy.options.scale.metric",
            "deploy.options.scale.target",
            "deploy.options.scale.utilization",
            "deploy.options.resources.",
            "build.buildEnvs.",
            "weft.class",
            "weft.main",
            "weft.classpath.",
            "weft.build.",
            "weft.command.");

    private static final Map<String, String> WITHOUT_EFFECT = withoutEffect();

    private static Map<String, String> withoutEffect() {
        Map<String, String> fields = new HashMap<>();
        for (String field :
                List.of("registry", "registryInsecure", "image", "deploy.image", "deploy.imagePullSecret")) {
            fields.put(field, IMAGES);
        }
        for (String field : List.of(
                "build.builder",
                "build.builderImages",
                "build.buildpacks",
                "build.baseImage",
                "build.git",
                "build.pvcSize",
                "build.volumes",
                "build.remoteStorageClass")) {
            fields.put(field, BUILDS);
        }
        fields.put("domain", "make a DomainMapping");
        fields.put("deployer", "functions are Knative Services here");
        fields.put("deploy.deployer", "functions are Knative Services here");
        fields.put("deploy.subscriptions", "there are no Brokers yet");
        fields.put("run.kafka", "there are no sources of events yet");
        fields.put("run.startTimeout", "a start may take as long as its probes allow");
        return fields;
    }

    /** Reads the file of a folder. */
    static FuncYaml read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.isReadable(file)) {
            throw Refusal.impossible(
                    "there is no " + file + "; weft fn new NAME makes a function, and -p names its folder");
        }
        try {
            Object read = new Load(
                            LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file));
            JsonNode tree = JsonMapper.shared().valueToTree(read);
            if (tree == null || !tree.isObject()) {
                throw Refusal.failed(file + " has no fields; name and runtime are needed");
            }
            List<String> remarks = new ArrayList<>();
            look("", tree, remarks);
            return new FuncYaml(tree, List.copyOf(remarks));
        } catch (YamlEngineException | IOException e) {
            throw Refusal.failed(file + ": " + e.getMessage());
        }
    }

    private static void look(String above, JsonNode object, List<String> remarks) {
        object.forEachEntry((name, value) -> {
            String path = above + name;
            String why = WITHOUT_EFFECT.get(path);
            boolean empty = value.isNull()
                    || (value.isContainer() && value.isEmpty())
                    || value.asString("-").isEmpty();
            if (empty || KNOWN.contains(path) || KNOWN.contains(path + ".")) {
                return;
            }
            if (why != null) {
                remarks.add(FILE + ": " + path + " has no effect here: " + why);
            } else if (value.isObject() && KNOWN.stream().anyMatch(known -> known.startsWith(path + "."))) {
                look(path + ".", value, remarks);
            } else {
                remarks.add(FILE + ": " + path + " is not known");
            }
        });
    }

    /** By a JSON pointer; empty when it is not there. */
    String text(String pointer) {
        return tree.at(pointer).asString("");
    }

    List<String> texts(String pointer) {
        List<String> texts = new ArrayList<>();
        JsonNode node = tree.at(pointer);
        if (node.isString()) {
            texts.addAll(List.of(node.asString().strip().split("\\s+")));
        }
        node.forEach(each -> texts.add(each.asString("")));
        return texts;
    }

    JsonNode at(String pointer) {
        JsonNode node = tree.at(pointer);
        return node.isMissingNode() ? JsonNodeFactory.instance.objectNode() : node;
    }

    String name() {
        String name = text("/name");
        if (!name.matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?")) {
            throw Refusal.failed(
                    FILE + ": name \"" + name + "\" (expected: at most 63 of a-z, 0-9 and -, a letter first)");
        }
        return name;
    }

    /** As the command line says, else as the file does. */
    String namespace(String chosen) {
        String own = text("/deploy/namespace").isEmpty() ? text("/namespace") : text("/deploy/namespace");
        return !chosen.isEmpty() ? chosen : own.isEmpty() ? "default" : own;
    }
}
