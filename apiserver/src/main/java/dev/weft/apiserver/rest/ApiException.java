package dev.weft.apiserver.rest;

import dev.weft.apiserver.access.Wish;
import dev.weft.apiserver.admission.DeniedException;
import dev.weft.apiserver.admission.Disruptions;
import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.ownership.ConflictException;
import dev.weft.apiserver.patch.PatchException;
import dev.weft.apiserver.protobuf.ProtobufException;
import dev.weft.apiserver.store.GoneException;
import dev.weft.model.problem.Problem;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request that is answered with a failure: an HTTP status and a {@code Status} document. */
final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final transient ObjectNode details;

    private ApiException(int code, String reason, String message, ObjectNode details, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    static ApiException badRequest(String message) {
        return plain(400, "BadRequest", message);
    }

    static ApiException noProtocol(String header, List<String> offered, List<String> ours) {
        String message = "unable to upgrade: " + header + " is " + String.join(", ", offered) + " (expected one of: "
                + String.join(", ", ours) + ")";
        return plain(403, "Forbidden", message);
    }

    static ApiException tooManySessions(int max) {
        return plain(429, "TooManyRequests", "there are " + max + " sessions of exec and port-forward already");
    }

    static ApiException unauthorized() {
        return plain(401, "Unauthorized", "Unauthorized: send the token that is in the kubeconfig");
    }

    static ApiException notFound(String path) {
        return plain(404, "NotFound", "the server could not find the requested resource: " + path);
    }

    static ApiException notFound(ServedKind kind, String name) {
        return new ApiException(
                404, "NotFound", kind.resourceName() + " \"" + name + "\" not found", details(kind, name), null);
    }

    static ApiException namespaceNotFound(String namespace) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        details.put("name", namespace).put("kind", "namespaces");
        return new ApiException(404, "NotFound", "namespaces \"" + namespace + "\" not found", details, null);
    }

    /** A role that is to be bound, whose rules nobody knows. */
    static ApiException roleNotFound(String plural, String name) {
        String group = Kinds.ROLE.group();
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        details.put("name", name).put("group", group).put("kind", plural);
        String message = plural + "." + group + " \"" + name + "\" not found";
        return new ApiException(404, "NotFound", message, details, null);
    }

    static ApiException terminating(ServedKind kind, String name, String namespace) {
        String message =
                kind.resourceName() + " \"" + name + "\" is forbidden: unable to create new content in namespace "
                        + namespace + " because it is being terminated";
        ObjectNode details = details(kind, name);
        cause(details, "NamespaceTerminating", "namespace " + namespace + " is being terminated", "metadata.namespace");
        return new ApiException(403, "Forbidden", message, details, null);
    }

    static ApiException forbidden(ServedKind kind, String name, String user, Wish wish) {
        String what = kind.resourceName() + (name.isEmpty() ? "" : " \"" + name + "\"");
        return new ApiException(
                403, "Forbidden", what + " is forbidden: User \"" + user + "\" " + wish, details(kind, name), null);
    }

    /** A document whose writer may not write it. */
    static ApiException forbidden(ServedKind kind, String name, String why) {
        String message = kind.resourceName() + " \"" + name + "\" is forbidden: " + why;
        return new ApiException(403, "Forbidden", message, details(kind, name), null);
    }

    /** What a policy or a webhook denied. */
    static ApiException of(DeniedException e, ServedKind kind, String name) {
        if (e.isWhole()) {
            return new ApiException(e.code(), e.reason(), e.text(), e.details(), e);
        }
        ObjectNode details = details(kind, name);
        details.withArrayProperty("causes").addObject().put("message", e.text());
        String message = kind.resourceName() + " \"" + name + "\" is forbidden: " + e.text();
        return new ApiException(e.code(), e.reason(), message, details, e);
    }

    /** What a disruption budget does not allow; clients such as kubectl drain try again. */
    static ApiException of(Disruptions.Refusal refusal) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        if (!refusal.cause().isEmpty()) {
            cause(details, "DisruptionBudget", refusal.cause(), "");
        }
        String reason = refusal.code() == 429 ? "TooManyRequests" : "InternalError";
        return new ApiException(refusal.code(), reason, refusal.message(), details, null);
    }

    static ApiException forbidden(String user, Wish wish) {
        return plain(403, "Forbidden", "forbidden: User \"" + user + "\" " + wish);
    }

    /** Of somebody who asks as another one. */
    static ApiException mayNotBe(String user, Wish impersonation) {
        String group = impersonation.group().isEmpty() ? "" : "." + impersonation.group();
        return plain(
                403,
                "Forbidden",
                impersonation.resource() + group + " \"" + impersonation.name() + "\" is forbidden: User \"" + user
                        + "\" " + impersonation);
    }

    static ApiException notBuilt(String what, String instead) {
        return plain(501, "NotImplemented", what + " is not built in Weft: " + instead);
    }

    static ApiException methodNotAllowed() {
        return plain(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    }

    static ApiException notAcceptable(String offered) {
        return plain(406, "NotAcceptable", "only the following media types are offered: " + offered);
    }

    /** Of a version that is not there yet; clients ask again. */
    static ApiException versionTooLarge(long asked, long newest) {
        return plain(504, "Timeout", "Too large resource version: " + asked + ", current: " + newest);
    }

    static ApiException expired(String message) {
        return plain(410, "Expired", message);
    }

    static ApiException tooLarge(int max) {
        return plain(
                413, "RequestEntityTooLarge", "the request's body is larger than " + max + " bytes: make it smaller");
    }

    static ApiException unsupportedMediaType(String found, String accepted) {
        return plain(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format (" + found + "): accepted are " + accepted);
    }

    static ApiException unprocessable(String message) {
        return plain(422, "Invalid", message);
    }

    static ApiException internal(Throwable cause) {
        return new ApiException(
                500,
                "InternalError",
                "Internal error occurred: " + cause,
                JsonNodeFactory.instance.objectNode(),
                cause);
    }

    /** A document that was refused, with every fault. */
    static ApiException invalid(ServedKind kind, String name, List<Problem> problems) {
        ObjectNode details = details(kind, name);
        details.put("kind", kind.kind().kind());
        for (Problem problem : problems) {
            cause(details, problem.reason(), sentence(problem), problem.field());
        }
        List<String> faults = problems.stream()
                .map(problem -> (problem.field().isEmpty() ? "" : problem.field() + ": ") + sentence(problem))
                .toList();
        String all = faults.size() == 1 ? faults.getFirst() : "[" + String.join(", ", faults) + "]";
        return new ApiException(
                422, "Invalid", kind.kindName() + " \"" + name + "\" is invalid: " + all, details, null);
    }

    /** What a store's refusal is called in Kubernetes. */
    static ApiException of(RefusedException e, ServedKind kind, String name) {
        ObjectNode details = details(kind, name);
        String quoted = kind.resourceName() + " \"" + name + "\"";
        return switch (e.reason()) {
            case NOT_FOUND -> notFound(kind, name);
            case ALREADY_EXISTS -> new ApiException(409, "AlreadyExists", quoted + " already exists", details, e);
            case CONFLICT ->
                new ApiException(
                        409,
                        "Conflict",
                        "Operation cannot be fulfilled on " + quoted + ": the object has been modified; please apply"
                                + " your changes to the latest version and try again",
                        details,
                        e);
            case INVALID -> e.problems().isEmpty() ? unprocessable(text(e)) : invalid(kind, name, e.problems());
            case BAD_REQUEST -> badRequest(text(e));
            case STORAGE -> new ApiException(507, "InsufficientStorage", text(e), details, e);
        };
    }

    static ApiException of(ConflictException e) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        e.conflicts()
                .forEach(conflict -> cause(
                        details, "FieldManagerConflict", "conflict with " + conflict.manager(), conflict.field()));
        return new ApiException(409, "Conflict", text(e), details, e);
    }

    static ApiException of(GoneException e) {
        return expired(text(e));
    }

    static ApiException of(PatchException e) {
        return unprocessable(text(e));
    }

    static ApiException of(ProtobufException e) {
        return unsupportedMediaType("protobuf: " + text(e), "application/json, application/yaml");
    }

    int code() {
        return code;
    }

    ObjectNode status() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
        if (!details.isEmpty()) {
            status.set("details", details);
        }
        return status.put("code", code);
    }

    private static String text(Throwable e) {
        return Objects.toString(e.getMessage(), "");
    }

    /** The message without the field, which clients put before it. */
    private static String sentence(Problem problem) {
        String field = problem.field() + ": ";
        String message =
                problem.message().startsWith(field) ? problem.message().substring(field.length()) : problem.message();
        return List.of(message, problem.remedy()).stream()
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static ApiException plain(int code, String reason, String message) {
        return new ApiException(code, reason, message, JsonNodeFactory.instance.objectNode(), null);
    }

    private static ObjectNode details(ServedKind kind, String name) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!kind.kind().group().isEmpty()) {
            details.put("group", kind.kind().group());
        }
        return details.put("kind", kind.kind().plural());
    }

    private static void cause(ObjectNode details, String reason, String message, String field) {
        ArrayNode causes = details.withArrayProperty("causes");
        causes.addObject().put("reason", reason).put("message", message).put("field", field);
    }
}
