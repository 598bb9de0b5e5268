package dev.weft.cli.platform;

import dev.weft.control.identity.IdentityAuthority;
import dev.weft.control.identity.IdentityState;
import dev.weft.model.workload.Revocation;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Who is trusted, who signs, whose certificate ends when; the next step of a rotation, and revoking. */
final class IdentityQuestion {

    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-fA-F]{1,40}");

    private final IdentityAuthority authority;

    IdentityQuestion(IdentityAuthority authority) {
        this.authority = authority;
    }

    /**
     * {@code GET}: the state. {@code POST rotation}: the state after the next step. {@code POST
     * revocation/certificate/SERIAL} and {@code POST revocation/workload/NAMESPACE/ACCOUNT}: the state after that.
     */
    JsonNode answer(String method, String rest) {
        if (method.equals("GET") && rest.isEmpty()) {
            return json(authority.state());
        }
        String[] words = rest.split("/", -1);
        String asked = method + " " + words[0] + (words.length > 1 ? "/" + words[1] : "");
        try {
            return switch (asked) {
                case "POST rotation" -> json(authority.advanceRotation());
                case "POST revocation/certificate" -> json(authority.revoke(serial(words)));
                case "POST revocation/workload" -> json(authority.revoke(workload(words)));
                default -> throw unknown(method, rest);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static IllegalArgumentException unknown(String method, String rest) {
        return new IllegalArgumentException("identity: " + method + " " + rest + " (expected: GET, POST rotation, "
                + "POST revocation/certificate/SERIAL or POST revocation/workload/NAMESPACE/ACCOUNT)");
    }

    private static BigInteger serial(String... words) {
        String digits = words.length == 3 ? words[2] : "";
        if (!HEXADECIMAL.matcher(digits).matches()) {
            throw new IllegalArgumentException("serial number: \"" + digits
                    + "\" (expected: 1 to 40 hexadecimal digits, as weft identity shows it)");
        }
        return new BigInteger(digits, 16);
    }

    private static WorkloadIdentity workload(String... words) {
        if (words.length != 4) {
            throw new IllegalArgumentException("revocation/workload: expected NAMESPACE/ACCOUNT");
        }
        return new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, words[2], words[3]);
    }

    private static ObjectNode json(IdentityState state) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("stage", state.stage());
        ArrayNode rows = json.putArray("rows");
        state.anchors().forEach(anchor -> add(rows, "anchor", anchor));
        add(rows, "issuer", state.issuer());
        for (IdentityState.Leaf leaf : state.leaves()) {
            rows.addObject()
                    .put("kind", leaf.remote() ? "leaf (other process)" : "leaf")
                    .put("name", leaf.identity().toString())
                    .put("until", leaf.until().toString())
                    .put("current", leaf.current())
                    .put("serial", leaf.serial().toString(16))
                    .put("fingerprint", "");
        }
        state.revocations().forEach(each -> addRevoked(rows, each));
        return json;
    }

    private static void addRevoked(ArrayNode rows, Revocation revocation) {
        ObjectNode row = rows.addObject()
                .put("kind", "revoked")
                .put("until", revocation.until().toString())
                .put("current", false)
                .put("fingerprint", "");
        var _ = switch (revocation) {
            case Revocation.OfCertificate one ->
                row.put("name", "").put("serial", one.serial().toString(16));
            case Revocation.OfIdentity all ->
                row.put("name", all.identity() + " before " + all.before()).put("serial", "");
        };
    }

    private static void add(ArrayNode rows, String kind, IdentityState.Entry entry) {
        rows.addObject()
                .put("kind", kind)
                .put("name", entry.name())
                .put("until", entry.until().toString())
                .put("current", true)
                .put("serial", "")
                .put("fingerprint", entry.fingerprint());
    }
}
