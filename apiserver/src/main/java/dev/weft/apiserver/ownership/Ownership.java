package dev.weft.apiserver.ownership;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Notes who sets what in a document. Each change of a field takes it from whoever owned it; an applied document says all
 * that its manager wants, so that what it no longer says goes, unless somebody else wants it too.
 *
 * <p>The rules are those of Kubernetes (structured-merge-diff), as its "Server-Side Apply" page tells them.
 */
public final class Ownership {

    /** Fields that name or number the document: nobody owns them. */
    private static final List<String> NOBODYS = List.of(
            "name",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "selfLink",
            "managedFields");

    private final Shape shape;
    private final FieldManager manager;
    private final boolean statusApart;
    private final String now;

    /**
     * @param statusApart whether the kind's status is written by its own path alone
     * @param now RFC 3339, to the second
     */
    public Ownership(Shape shape, FieldManager manager, boolean statusApart, String now) {
        this.shape = shape;
        this.manager = manager;
        this.statusApart = statusApart;
        this.now = now;
    }

    /**
     * Notes in a new or changed document what its writer changed.
     *
     * @param live what there was; empty when there was nothing
     * @param given what is to be stored; its {@code managedFields} are replaced
     */
    public void update(ObjectNode live, ObjectNode given) {
        ManagedFields before = start(live, given);
        if (before.isEmpty() && !live.isEmpty()) {
            before.write(given); // nobody has asked for owners of this document so far
            return;
        }
        Comparison changes = Comparison.of(shape, owned(live), owned(given));
        FieldSet mine = before.of(manager).and(changes.set()).without(changes.gone());
        before.others(manager, fields -> fields.without(changes.changed()))
                .with(manager, mine, now)
                .bounded()
                .write(given);
    }

    /**
     * Applies a document.
     *
     * @param live what there is; empty when there is nothing
     * @return the whole document, with its managers noted
     * @throws ConflictException when it changes what others own and is not forced
     */
    public ObjectNode apply(ObjectNode live, ObjectNode given, boolean force) {
        ObjectNode applied = owned(withoutNulls(given));
        FieldSet wanted = FieldSet.of(shape, applied);
        ManagedFields before = ManagedFields.of(live);
        if (before.isEmpty() && !live.isEmpty()) {
            FieldManager first =
                    FieldManager.beforeFirstApply(live.path("apiVersion").asString(""));
            before = before.with(first, FieldSet.of(shape, owned(live)), now);
        }
        JsonNode merged = Merge.of(shape, owned(live), applied);
        FieldSet kept = before.ofOthers(manager).and(wanted);
        merged = Merge.without(shape, merged, before.of(manager).without(wanted), kept);

        Comparison changes = Comparison.of(shape, owned(live), merged);
        FieldSet changed = changes.changed();
        if (!force) {
            refuseConflicts(before, changed);
        }
        ObjectNode result = put(live, given, (ObjectNode) merged);
        before.others(manager, fields -> fields.without(changed))
                .with(manager, wanted, now)
                .bounded()
                .write(result);
        return result;
    }

    /** A client may write the managers itself; an emptied list forgets them, an absent one leaves them. */
    private static ManagedFields start(ObjectNode live, ObjectNode given) {
        JsonNode list = given.at("/metadata/managedFields");
        if (list.size() == 1 && list.get(0).isEmpty()) {
            return new ManagedFields(List.of());
        }
        ManagedFields said = ManagedFields.of(given);
        return said.isEmpty() ? ManagedFields.of(live) : said;
    }

    private void refuseConflicts(ManagedFields before, FieldSet changed) {
        SortedMap<String, List<String>> conflicts = new TreeMap<>();
        for (ManagedFields.Entry entry : before.entries()) {
            List<String> fields = entry.fields().within(changed).paths();
            if (!entry.manager().is(manager) && !fields.isEmpty()) {
                conflicts
                        .computeIfAbsent(entry.manager().toString(), any -> new ArrayList<>())
                        .addAll(fields);
            }
        }
        if (!conflicts.isEmpty()) {
            throw new ConflictException(conflicts);
        }
    }

    /** The part of a document that this writer can own: the status by its own path, everything else by the other. */
    private ObjectNode owned(ObjectNode document) {
        ObjectNode owned = JsonNodeFactory.instance.objectNode();
        boolean statusOnly = manager.subresource().equals("status");
        document.forEachEntry((name, value) -> {
            boolean isStatus = name.equals("status");
            if (statusOnly ? isStatus : !(isStatus && statusApart)) {
                owned.set(name, value);
            }
        });
        owned.remove(List.of("apiVersion", "kind"));
        if (owned.path("metadata") instanceof ObjectNode metadata) {
            ObjectNode rest = JsonNodeFactory.instance.objectNode();
            rest.setAll(metadata);
            rest.remove(NOBODYS);
            owned.remove("metadata");
            if (!rest.isEmpty()) {
                owned.set("metadata", rest);
            }
        }
        return owned;
    }

    /** What this writer cannot own, with what was merged. */
    private ObjectNode put(ObjectNode live, ObjectNode given, ObjectNode merged) {
        ObjectNode result = live.isEmpty() ? given.deepCopy() : live.deepCopy();
        result.remove(List.copyOf(owned(result).propertyNames()));
        ObjectNode metadata = result.withObject("/metadata");
        for (JsonNode source : List.of(live.path("metadata"), given.path("metadata"))) {
            NOBODYS.stream().filter(source::has).forEach(name -> metadata.set(name, source.get(name)));
        }
        merged.forEachEntry((name, value) -> {
            if (name.equals("metadata")) {
                metadata.setAll((ObjectNode) value);
            } else {
                result.set(name, value);
            }
        });
        return result;
    }

    private static ObjectNode withoutNulls(ObjectNode document) {
        ObjectNode copy = document.deepCopy();
        dropNulls(copy);
        return copy;
    }

    private static void dropNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> nulls = new ArrayList<>();
            object.forEachEntry((name, value) -> {
                if (value.isNull()) {
                    nulls.add(name);
                }
            });
            object.remove(nulls);
        }
        node.forEach(Ownership::dropNulls);
    }
}
