package dev.weft.apiserver.admission;

import dev.weft.apiserver.access.User;
import dev.weft.apiserver.cel.Budget;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.definition.CustomResourceDefinition;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes what files declare, after it has asked policies and webhooks as the API asks them about what clients write: as if
 * the owner wrote it. What changes nothing is not asked about, and their own configurations never are. Used by one thread.
 */
public final class GatedWrites {

    private static final List<Kind> ASKING =
            List.of(Kinds.ADMISSION_POLICY_BINDING, Kinds.MUTATING_WEBHOOKS, Kinds.VALIDATING_WEBHOOKS);
    private static final List<String> SERVERS = List.of("uid", "resourceVersion", "creationTimestamp", "generation");

    private final SqliteStore store;
    private final Policies policies;
    private final Webhooks webhooks;

    public GatedWrites(SqliteStore store) {
        this.store = store;
        this.policies = new Policies(store, this::kind);
        this.webhooks = new Webhooks(store);
    }

    /**
     * Makes a resource be as declared, and as mutating webhooks leave it.
     *
     * @param checked judges what a webhook has changed
     * @param warn is told what policies and webhooks only warn of
     * @throws DeniedException by the first that denies, or that has to be asked and cannot be
     * @throws RefusedException by the store, or because a webhook made something else of it
     */
    public Resource apply(Resource declared, UnaryOperator<Resource> checked, Consumer<String> warn) {
        if (isFree(declared.key())) {
            return store.apply(declared);
        }
        Optional<Resource> before = store.get(declared.key());
        Resource wanted = store.apply(declared, true);
        if (isSame(before, wanted)) {
            return wanted;
        }
        Resource changed = new Resource(
                wanted.kind(),
                webhooks.mutate(attempt(before, Optional.of(wanted)), warn).deepCopy());
        Resource given = declared;
        if (!changed.json().equals(wanted.json())) {
            given = checked.apply(withoutServers(declared, changed));
            wanted = store.apply(given, true);
            if (isSame(before, wanted)) {
                return wanted;
            }
        }
        Attempt last = attempt(before, Optional.of(wanted));
        policies.judge(last, warn);
        webhooks.judge(last, warn);
        return store.apply(given);
    }

    /**
     * Deletes a resource. One that is not there is fine.
     *
     * @param warn is told what policies and webhooks only warn of
     * @throws DeniedException by the first that denies, or that has to be asked and cannot be
     */
    public void delete(Key key, Consumer<String> warn) {
        Optional<Resource> before = isFree(key) ? Optional.empty() : store.get(key);
        if (before.isPresent()) {
            Attempt attempt = attempt(before, Optional.empty());
            policies.judge(attempt, warn);
            webhooks.judge(attempt, warn);
        }
        store.delete(key);
    }

    /** Whether nobody has to be asked. */
    private boolean isFree(Key key) {
        boolean own = key.kind().group().equals(Kinds.ADMISSION_POLICY.group());
        return own || ASKING.stream().allMatch(kind -> store.list(kind).isEmpty());
    }

    private static boolean isSame(Optional<Resource> before, Resource wanted) {
        return before.filter(old -> old.resourceVersion().equals(wanted.resourceVersion()))
                .isPresent();
    }

    /** What a webhook made of it, as somebody would declare it. */
    private static Resource withoutServers(Resource declared, Resource changed) {
        if (!changed.key().equals(declared.key())
                || !changed.at("/kind").asString("").equals(declared.kind().kind())) {
            throw new RefusedException(
                    RefusedException.Reason.INVALID,
                    "a mutating webhook changed its kind, name or namespace: they have to stay",
                    List.of());
        }
        ObjectNode json = changed.edit();
        json.withObject("/metadata").remove(SERVERS);
        return new Resource(declared.kind(), json);
    }

    private static Attempt attempt(Optional<Resource> before, Optional<Resource> now) {
        Resource resource = now.or(() -> before).orElseThrow();
        Kind kind = resource.kind();
        return new Attempt(
                now.isEmpty() ? "DELETE" : before.isEmpty() ? "CREATE" : "UPDATE",
                kind,
                kind.version(),
                "",
                kind.equals(Kinds.NAMESPACE) ? resource.name() : resource.namespace(),
                resource.name(),
                now.map(Resource::json),
                before.map(Resource::json),
                User.OWNER,
                false,
                new Budget());
    }

    private Optional<Kind> kind(String group, String name) {
        return Kinds.find(group, name)
                .or(() -> store.list(Kinds.CUSTOM_RESOURCE_DEFINITION).stream()
                        .flatMap(it -> CustomResourceDefinition.read(it).value().stream())
                        .map(CustomResourceDefinition::kind)
                        .filter(it -> it.group().equals(group) && it.kind().equals(name))
                        .findFirst());
    }
}
