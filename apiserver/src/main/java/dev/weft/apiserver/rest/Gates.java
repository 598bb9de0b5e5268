package dev.weft.apiserver.rest;

import dev.weft.apiserver.admission.Attempt;
import dev.weft.apiserver.admission.DeniedException;
import dev.weft.apiserver.admission.Policies;
import dev.weft.apiserver.admission.Webhooks;
import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.kinds.ServedKinds;
import dev.weft.apiserver.kinds.Tables;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.smi.Conversion;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Asks admission policies and webhooks about each write of a client. Their own configurations are never asked about. */
final class Gates {

    /** What makes a document the one that was meant, and was allowed to be written. */
    private static final List<String> WHO = List.of("/kind", "/metadata/name", "/metadata/namespace");

    private final Policies policies;
    private final Webhooks webhooks;

    Gates(SqliteStore store, ServedKinds kinds) {
        this.policies = new Policies(
                store,
                (group, name) -> kinds.all().stream()
                        .map(ServedKind::kind)
                        .filter(kind ->
                                kind.group().equals(group) && kind.kind().equals(name))
                        .findFirst());
        this.webhooks = new Webhooks(store);
    }

    /** The resource as mutating webhooks leave it. */
    Resource change(Exchange exchange, Target target, Optional<Resource> before, Resource resource) {
        if (isOwn(target)) {
            return resource;
        }
        ObjectNode changed = change(exchange, target, attempt(exchange, target, before, Optional.of(resource)));
        for (String field : WHO) {
            if (!changed.at(field).asString("").equals(resource.at(field).asString(""))) {
                throw ApiException.unprocessable("a mutating webhook changed "
                        + field.substring(1).replace('/', '.')
                        + " of " + target.kind().resourceName() + " \"" + resource.name() + "\" to " + changed.at(field)
                        + ": it has to stay");
            }
        }
        ObjectNode metadata = changed.withObject("/metadata");
        for (String field : List.of("uid", "resourceVersion")) {
            metadata.remove(field);
            if (resource.at("/metadata").has(field)) {
                metadata.set(field, resource.at("/metadata/" + field));
            }
        }
        ObjectNode stored =
                Conversion.to(resource.kind(), changed, resource.kind().version());
        stored.put("apiVersion", resource.kind().apiVersion());
        return new Resource(resource.kind(), stored);
    }

    /** A {@code Scale} as mutating webhooks leave it. */
    ObjectNode changeScale(Exchange exchange, Target target, ObjectNode before, ObjectNode scale) {
        return isOwn(target) ? scale : change(exchange, target, ofScale(exchange, target, before, scale));
    }

    private ObjectNode change(Exchange exchange, Target target, Attempt attempt) {
        try {
            return webhooks.mutate(attempt, exchange::warn).deepCopy();
        } catch (DeniedException e) {
            throw ApiException.of(e, target.kind(), target.name());
        }
    }

    /** @throws ApiException when a policy or a webhook denies */
    void judge(Exchange exchange, Target target, Optional<Resource> before, Optional<Resource> now) {
        if (isOwn(target)) {
            return;
        }
        judge(exchange, target, attempt(exchange, target, before, now));
    }

    /** @throws ApiException when a policy or a webhook denies */
    void judgeScale(Exchange exchange, Target target, ObjectNode before, ObjectNode scale) {
        if (!isOwn(target)) {
            judge(exchange, target, ofScale(exchange, target, before, scale));
        }
    }

    private void judge(Exchange exchange, Target target, Attempt attempt) {
        try {
            policies.judge(attempt, exchange::warn);
            webhooks.judge(attempt, exchange::warn);
        } catch (DeniedException e) {
            throw ApiException.of(e, target.kind(), attempt.name());
        }
    }

    private static boolean isOwn(Target target) {
        return target.kind().kind().group().equals(Kinds.ADMISSION_POLICY.group());
    }

    private static Attempt ofScale(Exchange exchange, Target target, ObjectNode before, ObjectNode scale) {
        return attempt(exchange, target, target.name(), Optional.of(before), Optional.of(scale));
    }

    private static Attempt attempt(
            Exchange exchange, Target target, Optional<Resource> before, Optional<Resource> now) {
        return attempt(
                exchange,
                target,
                now.or(() -> before).map(Resource::name).orElse(target.name()),
                before.map(it -> Tables.in(target.kind(), it, target.version())),
                now.map(it -> Tables.in(target.kind(), it, target.version())));
    }

    private static Attempt attempt(
            Exchange exchange, Target target, String name, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        String operation = now.isEmpty() ? "DELETE" : before.isEmpty() ? "CREATE" : "UPDATE";
        return new Attempt(
                operation,
                target.kind().kind(),
                target.version(),
                target.subresource(),
                target.isNamespace() ? target.name() : target.namespace(),
                name,
                now,
                before,
                exchange.user(),
                exchange.dryRun(),
                exchange.budget());
    }
}
