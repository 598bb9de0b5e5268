package dev.weft.apiserver.rest;

import dev.weft.apiserver.admission.ExpressionFaults;
import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.kinds.Tables;
import dev.weft.apiserver.store.Defaults;
import dev.weft.model.problem.Problem;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.smi.Conversion;
import dev.weft.resources.validation.ChangeCheck;
import dev.weft.resources.validation.OwnerCheck;
import dev.weft.resources.validation.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is looked at before a document is stored: that it is what the URL says, that its name is one, that its namespace is
 * there, and that its fields can be read.
 */
final class Admission {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Pattern ROLE = Pattern.compile("[^/%]{1,253}"); // system:reader and the like
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private final ResourceStore store;

    Admission(ResourceStore store) {
        this.store = store;
    }

    /**
     * Turns a client's document into what is stored: in the stored version, in the namespace of the URL, with defaults.
     *
     * @throws ApiException with 400 when the document is another than the URL says
     */
    Resource read(Exchange exchange, Target target, ObjectNode document) {
        return filled(target, said(exchange, target, document));
    }

    /** The same of a document that a patch changed, of which the client has brought only what is not as it was stored. */
    Resource readPatched(Exchange exchange, Target target, ObjectNode document, ObjectNode stored) {
        return filled(target, said(exchange, target, document, stored));
    }

    /** The same of what was {@link #said}, merged into what was stored. */
    Resource readMerged(Target target, ObjectNode document) {
        ObjectNode json = placed(target, document);
        if (target.kind().foreign()) {
            CustomKinds.prune(target, json);
        }
        return filled(target, json);
    }

    private static Resource filled(Target target, ObjectNode document) {
        ServedKind kind = target.kind();
        ObjectNode json = Conversion.to(kind.kind(), document, kind.kind().version());
        json.put("apiVersion", kind.kind().apiVersion());
        Defaults.fill(kind.kind(), json);
        if (kind.foreign()) {
            CustomKinds.fill(target, json);
        }
        return new Resource(kind.kind(), json);
    }

    /**
     * What of a client's document counts, without defaults, in the client's version.
     *
     * @throws ApiException with 400 when the document is another than the URL says
     */
    ObjectNode said(Exchange exchange, Target target, ObjectNode document) {
        return said(exchange, target, document, JsonNodeFactory.instance.objectNode());
    }

    private static ObjectNode said(Exchange exchange, Target target, ObjectNode document, ObjectNode stored) {
        ObjectNode json = placed(target, document);
        if (target.kind().foreign()) {
            CustomKinds.prune(exchange, target, json, stored);
        } else {
            KnownFields.check(exchange, target, json, stored);
        }
        return json;
    }

    /** The document in the place that the URL says. */
    private static ObjectNode placed(Target target, ObjectNode document) {
        ServedKind kind = target.kind();
        expect("kind", kind.kind().kind(), document.path("kind").asString(""));
        expect(
                "API version",
                kind.apiVersion(target.version()),
                document.path("apiVersion").asString(""));
        ObjectNode json = document.deepCopy();
        if (!(json.path("metadata").isObject() || json.path("metadata").isMissingNode())) {
            throw ApiException.badRequest("metadata has to be an object");
        }
        ObjectNode metadata = json.withObject("/metadata");
        String name = metadata.path("name").asString("");
        if (!target.name().isEmpty() && !name.isEmpty() && !name.equals(target.name())) {
            throw ApiException.badRequest(
                    "the name of the object (" + name + ") does not match the name on the URL (" + target.name() + ")");
        }
        if (!target.name().isEmpty()) {
            metadata.put("name", target.name());
        }
        if (kind.kind().namespaced()) {
            String namespace = metadata.path("namespace").asString(target.namespace());
            if (!namespace.equals(target.namespace())) {
                throw ApiException.badRequest("the namespace of the provided object (" + namespace
                        + ") does not match the namespace sent on the request (" + target.namespace() + ")");
            }
            metadata.put("namespace", namespace);
        } else {
            metadata.remove("namespace");
        }
        return json;
    }

    /** @throws ApiException for a name that is none, or a namespace that is missing or going */
    void checkNew(Target target, Resource resource) {
        if (!resource.resourceVersion().isEmpty()) {
            throw ApiException.badRequest("resourceVersion should not be set on objects to be created");
        }
        String prefix = resource.at("/metadata/generateName").asString("");
        String name = resource.name().isEmpty() && !prefix.isEmpty() ? prefix + "xxxxx" : resource.name();
        boolean role = resource.kind().group().equals(Kinds.ROLE.group());
        Pattern allowed = target.isNamespace() ? LABEL : role ? ROLE : NAME;
        if (!allowed.matcher(name).matches()) {
            throw ApiException.unprocessable(target.kind().kindName() + " \"" + resource.name()
                    + "\" is invalid: metadata.name: " + (name.isEmpty() ? "is missing" : "\"" + name + "\"")
                    + ". Write lower case letters, digits, '-' and '.', beginning and ending with a letter or digit.");
        }
        checkNamespace(target, resource);
    }

    /** @throws ApiException when what is new would have no namespace, or one that is going */
    void checkNamespace(Target target, Resource resource) {
        if (target.kind().kind().namespaced()) {
            Resource namespace = store.get(Kinds.NAMESPACE.key("", target.namespace()))
                    .orElseThrow(() -> ApiException.namespaceNotFound(target.namespace()));
            if (namespace.deleting()) {
                throw ApiException.terminating(target.kind(), resource.name(), target.namespace());
            }
        }
    }

    /**
     * Looks at the fields. A field of the original that nothing reads here is a warning and no refusal. Of fields that the
     * kind does not have the client has heard before, in its own version of the document.
     *
     * @param before what is changed; empty when it is new
     * @throws ApiException with 422 and every fault
     */
    void checkFields(Exchange exchange, Target target, Resource resource, Optional<Resource> before) {
        ObjectNode json = resource.json();
        if (resource.name().isEmpty()) {
            json = resource.edit();
            json.withObject("/metadata").put("name", "generated");
        }
        if (target.kind().foreign()) {
            List<Problem> circles = circles(resource, before);
            if (!circles.isEmpty()) {
                throw ApiException.invalid(target.kind(), resource.name(), circles);
            }
            CustomKinds.check(exchange, target, new Resource(resource.kind(), json), before);
            return;
        }
        List<Problem> problems = new ArrayList<>(
                Validation.of(asWritten(target, resource.kind(), json)).problems());
        problems.addAll(circles(resource, before));
        before.ifPresent(old -> problems.addAll(ChangeCheck.of(old, resource)));
        Predicate<Problem> isError = problem -> problem.severity() == Problem.Severity.ERROR;
        if (!exchange.query("fieldValidation").equals("Ignore")) { // said of a refused document as well
            problems.stream()
                    .filter(isError.negate())
                    .filter(problem -> !problem.reason().equals("FieldUnknown"))
                    .forEach(problem -> exchange.warn(problem.message() + " " + problem.remedy()));
        }
        List<Problem> errors = problems.stream().filter(isError).toList();
        if (errors.isEmpty()) {
            errors = ExpressionFaults.of(resource);
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalid(target.kind(), resource.name(), errors);
        }
    }

    /** Only of owners that are said anew: a circle from before must not keep anybody from mending something else. */
    private List<Problem> circles(Resource resource, Optional<Resource> before) {
        String owners = "/metadata/ownerReferences";
        boolean same =
                before.filter(old -> old.at(owners).equals(resource.at(owners))).isPresent();
        return same ? List.of() : OwnerCheck.of(resource, this::owner);
    }

    private Optional<Resource> owner(Key key, String uid) {
        return store.get(key).filter(it -> it.uid().equals(uid));
    }

    /** In the client's version, so that what is said of it is said in its words. */
    private static ObjectNode asWritten(Target target, Kind kind, ObjectNode json) {
        return Tables.in(target.kind(), new Resource(kind, json), target.version());
    }

    private static void expect(String what, String expected, String found) {
        if (!found.equals(expected)) {
            throw ApiException.badRequest("the " + what + " in the data (" + found + ") does not match the expected "
                    + what + " (" + expected + ")");
        }
    }
}
