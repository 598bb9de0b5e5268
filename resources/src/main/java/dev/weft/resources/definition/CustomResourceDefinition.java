package dev.weft.resources.definition;

import dev.weft.resources.Kind;
import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Names;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;

/**
 * A kind and its versions (apiextensions.k8s.io/v1).
 *
 * @param versions at least one, of which one is stored
 * @param conversion {@code None}, or {@code Webhook}, which nobody calls here
 */
public record CustomResourceDefinition(
        Resource resource,
        String group,
        DefinedNames names,
        boolean namespaced,
        List<DefinedVersion> versions,
        String conversion) {

    public CustomResourceDefinition {
        versions = List.copyOf(versions);
    }

    public static Read<CustomResourceDefinition> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static CustomResourceDefinition of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            String group = spec.requiredText("group");
            DefinedNames names = spec.requiredObject("names", DefinedNames::of);
            String scope = spec.requiredText("scope");
            spec.word("scope", List.of("Namespaced", "Cluster"));
            List<DefinedVersion> versions = spec.requiredObjects("versions", DefinedVersion::of);
            String conversion = spec.object("conversion", it -> {
                        it.unsupported("webhook");
                        return it.word("strategy", List.of("None", "Webhook")).orElse("None");
                    })
                    .orElse("None");
            spec.inert("preserveUnknownFields");
            checkNames(resource, root, group, names);
            checkVersions(spec, versions, conversion);
            return new CustomResourceDefinition(
                    resource, group, names, scope.equals("Namespaced"), versions, conversion);
        });
    }

    /** The kind, in the version that is stored. */
    public Kind kind() {
        return new Kind(group, stored().name(), names.kind(), names.plural(), namespaced);
    }

    public DefinedVersion stored() {
        return versions.stream().filter(DefinedVersion::stored).findFirst().orElseThrow();
    }

    private static void checkNames(Resource resource, Fields root, String group, DefinedNames names) {
        String expected = names.plural() + "." + group;
        if (!resource.name().equals(expected) && !group.isEmpty()) {
            root.invalid(
                    "metadata.name", "\"" + resource.name() + "\" is not <plural>.<group>.", "Write " + expected + ".");
        }
        if (!Names.subdomain(group)) {
            root.invalid("spec.group", "\"" + group + "\" is no DNS name.", "Write for example example.com.");
        }
    }

    private static void checkVersions(Fields spec, List<DefinedVersion> versions, String conversion) {
        if (versions.stream().filter(DefinedVersion::stored).count() != 1) {
            spec.invalid("versions", "exactly one has to be stored.", "Write storage: true in one of them.");
        }
        if (versions.stream().map(DefinedVersion::name).distinct().count() != versions.size()) {
            spec.invalid("versions", "two have the same name.", "Give each version a name of its own.");
        }
        if (conversion.equals("Webhook")) {
            spec.warning(
                    "conversion.strategy",
                    "NotSupportedYet",
                    spec.path("conversion.strategy") + ": Webhook is not supported yet and has no effect: a document is"
                            + " the same in every version.",
                    "Use the version that is stored.");
        }
    }
}
