package dev.weft.resources.definition;

import dev.weft.resources.reading.Fields;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One version of a kind.
 *
 * @param served whether clients can use it
 * @param stored whether documents are written in it
 * @param deprecation the warning for those who use it; empty when it is not deprecated
 * @param schema structural (OpenAPI v3 with Kubernetes' extensions)
 * @param status whether {@code status} is written by a path of its own
 * @param selectable what field selectors may name: {@code spec.color}
 */
public record DefinedVersion(
        String name,
        boolean served,
        boolean stored,
        Optional<String> deprecation,
        ObjectNode schema,
        boolean status,
        Optional<DefinedScale> scale,
        List<DefinedColumn> columns,
        List<String> selectable) {

    public DefinedVersion {
        columns = List.copyOf(columns);
        selectable = List.copyOf(selectable);
    }

    static DefinedVersion of(Fields version) {
        String name = version.requiredText("name");
        ObjectNode schema = version.requiredObject("schema", it -> {
            if (!it.has("openAPIV3Schema")) {
                it.missing("openAPIV3Schema", "a mapping that begins with type: object");
            }
            return it.rawObject("openAPIV3Schema").orElseGet(JsonNodeFactory.instance::objectNode);
        });
        StructuralCheck.of(version, schema);
        boolean deprecated = version.flag("deprecated", false);
        Optional<String> warning = version.text("deprecationWarning");
        Optional<Fields> subresources = version.object("subresources", fields -> fields);
        boolean status = subresources.isPresent()
                && subresources.get().rawObject("status").isPresent();
        Optional<DefinedScale> scale = subresources.flatMap(it -> it.object("scale", DefinedScale::of));
        return new DefinedVersion(
                name,
                version.flag("served", false),
                version.flag("storage", false),
                deprecated ? Optional.of(warning.orElse("")) : Optional.empty(),
                schema,
                status,
                scale,
                version.objects("additionalPrinterColumns", DefinedColumn::of),
                SelectableFields.of(version, schema));
    }
}
