package dev.weft.apiserver.ownership;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code metadata.managedFields}: who set what, when. Never changed after it was made. */
record ManagedFields(List<Entry> entries) {

    /** More managers that update than this are put together, the oldest first. */
    private static final int UPDATERS_MAX = 10;

    private static final String ANCIENT = "ancient-changes";

    /** @param time RFC 3339, of the last change of the fields */
    record Entry(FieldManager manager, String time, FieldSet fields) {}

    ManagedFields {
        entries = entries.stream().filter(entry -> !entry.fields().isEmpty()).toList();
    }

    /** Reads them; entries that cannot be understood are left out. */
    static ManagedFields of(JsonNode document) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : document.at("/metadata/managedFields")) {
            String operation = entry.path("operation").asString("");
            boolean known = operation.equals("Apply") || operation.equals("Update");
            if (known && entry.path("fieldsV1").isObject()) {
                FieldManager manager = new FieldManager(
                        entry.path("manager").asString(""),
                        operation.equals("Apply"),
                        entry.path("apiVersion").asString(""),
                        entry.path("subresource").asString(""));
                entries.add(new Entry(manager, entry.path("time").asString(""), FieldSet.read(entry.path("fieldsV1"))));
            }
        }
        return new ManagedFields(entries);
    }

    void write(ObjectNode document) {
        ObjectNode metadata = document.withObject("/metadata");
        metadata.remove("managedFields");
        if (entries.isEmpty()) {
            return;
        }
        ArrayNode list = metadata.putArray("managedFields");
        for (Entry entry : entries) {
            ObjectNode into = list.addObject();
            into.put("manager", entry.manager().name());
            into.put("operation", entry.manager().operation());
            into.put("apiVersion", entry.manager().apiVersion());
            into.put("time", entry.time()).put("fieldsType", "FieldsV1");
            into.set("fieldsV1", entry.fields().write());
            if (!entry.manager().subresource().isEmpty()) {
                into.put("subresource", entry.manager().subresource());
            }
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    FieldSet of(FieldManager manager) {
        return entries.stream()
                .filter(entry -> entry.manager().is(manager))
                .map(Entry::fields)
                .findFirst()
                .orElse(FieldSet.EMPTY);
    }

    /** Everything that others than this one own. */
    FieldSet ofOthers(FieldManager manager) {
        return entries.stream()
                .filter(entry -> !entry.manager().is(manager))
                .map(Entry::fields)
                .reduce(FieldSet.EMPTY, FieldSet::and);
    }

    /** The same with other fields for one manager; its time changes when they do. */
    ManagedFields with(FieldManager manager, FieldSet fields, String now) {
        List<Entry> changed = new ArrayList<>();
        boolean found = false;
        for (Entry entry : entries) {
            if (!entry.manager().is(manager)) {
                changed.add(entry);
                continue;
            }
            found = true;
            boolean same = entry.fields().equals(fields) && entry.manager().equals(manager);
            changed.add(same ? entry : new Entry(manager, now, fields));
        }
        if (!found) {
            changed.add(new Entry(manager, now, fields));
        }
        return new ManagedFields(changed);
    }

    /** The same with other fields for everybody but one manager. */
    ManagedFields others(FieldManager manager, UnaryOperator<FieldSet> change) {
        return new ManagedFields(entries.stream()
                .map(entry -> entry.manager().is(manager)
                        ? entry
                        : new Entry(entry.manager(), entry.time(), change.apply(entry.fields())))
                .toList());
    }

    /** The same with few managers that update. */
    ManagedFields bounded() {
        List<Entry> updaters = entries.stream()
                .filter(entry -> !entry.manager().apply())
                .sorted(Comparator.comparing(Entry::time))
                .toList();
        if (updaters.size() <= UPDATERS_MAX) {
            return this;
        }
        List<Entry> old = updaters.subList(0, updaters.size() - UPDATERS_MAX + 1);
        List<Entry> left = new ArrayList<>(entries);
        left.removeAll(old);
        FieldManager ancient =
                new FieldManager(ANCIENT, false, old.getLast().manager().apiVersion(), "");
        FieldSet fields = old.stream().map(Entry::fields).reduce(FieldSet.EMPTY, FieldSet::and);
        left.addFirst(new Entry(ancient, old.getLast().time(), fields));
        return new ManagedFields(left);
    }
}
