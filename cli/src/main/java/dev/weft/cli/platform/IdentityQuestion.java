package dev.weft.cli.platform;

import dev.weft.control.identity.IdentityAuthority;
import dev.weft.control.identity.IdentityState;
import java.io.IOException;
import java.io.UncheckedIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Who is trusted, who signs, whose certificate ends when; and the next step of a rotation. */
final class IdentityQuestion {

    private final IdentityAuthority authority;

    IdentityQuestion(IdentityAuthority authority) {
        this.authority = authority;
    }

    /** {@code GET}: the state. {@code POST rotation}: the state after the next step. */
    JsonNode answer(String method, String rest) {
        if (method.equals("GET") && rest.isEmpty()) {
            return json(authority.state());
        }
        if (!method.equals("POST") || !rest.equals("rotation")) {
            throw new IllegalArgumentException(
                    "identity: " + method + " " + rest + " (expected: GET, or POST rotation)");
        }
        try {
            return json(authority.advanceRotation());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
                    .put("fingerprint", "");
        }
        return json;
    }

    private static void add(ArrayNode rows, String kind, IdentityState.Entry entry) {
        rows.addObject()
                .put("kind", kind)
                .put("name", entry.name())
                .put("until", entry.until().toString())
                .put("current", true)
                .put("fingerprint", entry.fingerprint());
    }
}
