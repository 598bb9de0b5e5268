package dev.weft.apiserver.store;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.RefusedException.Reason;
import dev.weft.resources.Resource;
import dev.weft.resources.reading.Equality;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the store does to a resource's metadata, and when: the rules of Kubernetes for uid, generation, status and
 * conflicts. Nothing of a resource is changed before every reason to refuse has been looked at.
 */
final class Lifecycle {

    /** The letters of generated names: no vowels, so that no words come out. */
    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private static final List<String> KEPT =
            List.of("uid", "creationTimestamp", "generation", "resourceVersion", "deletionTimestamp");

    private final InstantSource clock;
    private final RandomGenerator random = new SecureRandom();
    private final Removal removal;

    Lifecycle(InstantSource clock) {
        this.clock = clock;
        this.removal = new Removal(clock);
    }

    Resource create(Draft draft, Resource given, Author author) {
        ObjectNode json = given.edit();
        ObjectNode metadata = json.withObject("/metadata");
        String prefix = metadata.path("generateName").asString("");
        if (given.name().isEmpty() && !prefix.isEmpty()) {
            metadata.put("name", prefix + suffix());
        }
        Key key = new Resource(given.kind(), json).key();
        if (key.name().isEmpty()) {
            throw refused(Reason.INVALID, given.kind().kind() + " has no metadata.name");
        }
        if (draft.get(key).isPresent()) {
            throw refused(Reason.ALREADY_EXISTS, key + " exists already");
        }
        json.put("apiVersion", key.kind().apiVersion());
        json.put("kind", key.kind().kind());
        metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds"));
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put(
                "creationTimestamp",
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        metadata.put("generation", 1);
        Defaults.fill(key.kind(), json); // also of what comes from files and controllers
        author.note(key.kind(), JsonNodeFactory.instance.objectNode(), json, false);
        Resource stored = draft.put(key, json);
        removal.collectIfOrphaned(draft, stored);
        return stored;
    }

    /** As create does, and only into a namespace that stays. */
    Resource createWithin(Draft draft, Resource given, Author author) {
        Key namespace = Kinds.NAMESPACE.key("", given.namespace());
        boolean stays = draft.get(namespace).filter(it -> !it.deleting()).isPresent();
        if (given.kind().namespaced() && !stays) {
            throw refused(Reason.NOT_FOUND, namespace + " does not exist any more, or is being deleted");
        }
        return create(draft, given, author);
    }

    Resource update(Draft draft, Resource given, Author author) {
        Resource old = existing(draft, given);
        ObjectNode json = given.edit();
        keep(old, json);
        copy(old.json(), json, "status");
        return replace(draft, old, json, author);
    }

    /** Of a kind whose status is a field like any other. */
    Resource updateWhole(Draft draft, Resource given) {
        Resource old = existing(draft, given);
        ObjectNode json = given.edit();
        keep(old, json);
        return replace(draft, old, json, Author.UNNAMED);
    }

    Resource apply(Draft draft, Resource given, Author author) {
        Resource old = draft.get(given.key()).orElse(null);
        if (old == null) {
            return create(draft, given, author);
        }
        ObjectNode json = old.edit();
        given.json().forEachEntry((field, value) -> {
            if (field.equals("metadata")) {
                merge(json.withObject("/metadata"), value);
            } else if (!field.equals("status")) {
                json.set(field, value.deepCopy());
            }
        });
        Defaults.fill(old.kind(), json);
        keep(old, json);
        return replace(draft, old, json, author);
    }

    /** @param given names the resource; when it carries a resourceVersion, that must be the newest */
    Resource updateStatus(Draft draft, Resource given, ObjectNode status, Author author) {
        Resource old = existing(draft, given);
        JsonNode was = old.json().get("status");
        JsonNode managers = given.at("/metadata/managedFields");
        boolean sameManagers = managers.isMissingNode() || managers.equals(old.at("/metadata/managedFields"));
        if (was != null && Equality.same(was, status) && sameManagers) {
            return old;
        }
        ObjectNode json = old.edit();
        json.set("status", status.deepCopy());
        if (!sameManagers) {
            json.withObject("/metadata").set("managedFields", managers.deepCopy());
        }
        author.note(old.kind(), old.json(), json, true);
        return draft.put(old.key(), json);
    }

    void delete(Draft draft, Key key, Deletion deletion) {
        removal.delete(draft, key, deletion);
    }

    private Resource replace(Draft draft, Resource old, ObjectNode json, Author author) {
        Defaults.carryOver(old, json);
        removal.hold(draft, old, json);
        if (Equality.same(json, old.json())) {
            return old;
        }
        author.note(old.kind(), old.json(), json, false);
        if (!Equality.same(wanted(json), wanted(old.json()))) {
            json.withObject("/metadata").put("generation", old.generation() + 1);
        }
        Resource stored = draft.put(old.key(), json);
        removal.finishIfReleased(draft, stored);
        return stored;
    }

    private static Resource existing(Draft draft, Resource given) {
        Resource old =
                draft.get(given.key()).orElseThrow(() -> refused(Reason.NOT_FOUND, given.key() + " does not exist"));
        String expected = given.resourceVersion();
        if (!expected.isEmpty() && !expected.equals(old.resourceVersion())) {
            throw refused(
                    Reason.CONFLICT,
                    given.key() + " has changed meanwhile: read it again and repeat the change on what is there now");
        }
        if (!given.uid().isEmpty() && !given.uid().equals(old.uid())) {
            throw refused(Reason.CONFLICT, given.key() + " was deleted and made anew meanwhile: its uid is another");
        }
        return old;
    }

    private static void keep(Resource old, ObjectNode json) {
        json.put("apiVersion", old.kind().apiVersion());
        json.put("kind", old.kind().kind());
        ObjectNode metadata = json.withObject("/metadata");
        for (String field : KEPT) {
            copy(old.at("/metadata"), metadata, field);
        }
    }

    private static void copy(JsonNode from, ObjectNode to, String field) {
        JsonNode value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value);
        }
    }

    private static void merge(ObjectNode into, JsonNode from) {
        from.forEachEntry((name, value) -> {
            if (value.isObject() && into.get(name) instanceof ObjectNode inner) {
                merge(inner, value);
            } else {
                into.set(name, value.deepCopy());
            }
        });
    }

    /** Everything whose change makes a new generation. */
    private static ObjectNode wanted(ObjectNode json) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        wanted.setAll(json);
        return wanted.without(List.of("metadata", "status"));
    }

    private String suffix() {
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            suffix.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return suffix.toString();
    }

    static RefusedException refused(Reason reason, String message) {
        return new RefusedException(reason, message, List.of());
    }
}
