package dev.weft.apiserver.admission;

import dev.weft.apiserver.access.Rules;
import dev.weft.apiserver.access.User;
import dev.weft.apiserver.access.Wish;
import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.kinds.ServedKinds;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Nobody reads parameters by a policy that they may not read themselves: whoever writes a policy with a {@code paramKind} has
 * to be able to get everything of that kind, and whoever binds it what the {@code paramRef} means.
 */
public final class Parameters {

    private static final String ANY = "*";
    private static final String KIND = "/spec/paramKind";
    private static final String REFERENCE = "/spec/paramRef";

    private final Rules rules;
    private final ResourceStore store;
    private final ServedKinds kinds;

    public Parameters(Rules rules, ResourceStore store, ServedKinds kinds) {
        this.rules = rules;
        this.store = store;
        this.kinds = kinds;
    }

    /** What the writer of a policy or a binding may not read; empty when there is nothing. */
    public Optional<String> refused(User user, Optional<Resource> before, Resource resource) {
        boolean policy = resource.kind().equals(Kinds.ADMISSION_POLICY);
        boolean binding = resource.kind().equals(Kinds.ADMISSION_POLICY_BINDING);
        String field = policy ? KIND : REFERENCE;
        JsonNode wanted = resource.at(field);
        boolean same = before.filter(old -> old.at(field).equals(wanted)
                        && old.at("/spec/policyName").equals(resource.at("/spec/policyName")))
                .isPresent();
        if ((!policy && !binding) || user.mayDoEverything() || wanted.isEmpty() || same) {
            return Optional.empty();
        }
        Wish wish = policy ? wish("get", kind(wanted), ANY, ANY) : meant(resource, wanted);
        if (rules.allow(user, wish)) {
            return Optional.empty();
        }
        String why = policy
                ? "must have \"get\" permission on all objects of the referenced paramKind (kind="
                        + wanted.path("kind").asString("") + ", apiVersion="
                        + wanted.path("apiVersion").asString("") + ")"
                : "does not have \"" + wish.verb() + "\" permission on the object referenced by paramRef";
        return Optional.of(
                field.substring(1).replace('/', '.') + ": " + wanted + ": user \"" + user.name() + "\" " + why);
    }

    private Wish meant(Resource binding, JsonNode reference) {
        Optional<Kind> kind = store.get(Kinds.ADMISSION_POLICY.key(
                        "", binding.at("/spec/policyName").asString("")))
                .flatMap(it -> kind(it.at(KIND)));
        String name = reference.path("name").asString("");
        String namespace = reference.path("namespace").asString(ANY);
        return wish(name.isEmpty() ? "list" : "get", kind, namespace, name);
    }

    /** Of what cannot be found out everything is asked. */
    private static Wish wish(String verb, Optional<Kind> kind, String namespace, String name) {
        return new Wish(
                verb, kind.map(Kind::group).orElse(ANY), kind.map(Kind::plural).orElse(ANY), "", namespace, name, "");
    }

    private Optional<Kind> kind(JsonNode wanted) {
        String apiVersion = wanted.path("apiVersion").asString("");
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        return kinds.all().stream()
                .map(ServedKind::kind)
                .filter(it -> it.group().equals(group)
                        && it.kind().equals(wanted.path("kind").asString("")))
                .findFirst();
    }
}
