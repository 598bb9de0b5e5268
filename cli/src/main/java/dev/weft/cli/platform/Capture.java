package dev.weft.cli.platform;

import dev.weft.http.transport.WireCapture;
import dev.weft.proxy.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One capture of the mesh's bytes at a time: PUT begins it, GET shows it, DELETE ends it. Owner of the capture: the
 * monitor of this object.
 */
final class Capture {

    private static final int BYTES_MAX = 256 * 1024;
    private static final int CONNECTIONS_MAX = 64;

    private final Proxy proxy;
    private Optional<WireCapture> running = Optional.empty();

    Capture(Proxy proxy) {
        this.proxy = proxy;
    }

    synchronized ObjectNode answer(String method, String rest) {
        switch (method) {
            case "PUT" -> {
                running.ifPresent(WireCapture::close);
                running = Optional.of(proxy.capture(BYTES_MAX, CONNECTIONS_MAX));
            }
            case "DELETE" -> {
                running.ifPresent(WireCapture::close);
                running = Optional.empty();
            }
            default -> {
                // shown below
            }
        }
        return show();
    }

    private ObjectNode show() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("running", running.isPresent());
        ArrayNode connections = json.putArray("connections");
        running.ifPresent(capture -> capture.wires()
                .forEach(wire -> connections
                        .addObject()
                        .put("local", wire.local())
                        .put("remote", wire.remote())
                        .put("accepted", wire.accepted())
                        .put("received", base64(wire.received()))
                        .put("sent", base64(wire.sent()))));
        return json;
    }

    /** The capture holds one byte in each character. */
    private static String base64(String bytes) {
        return Base64.getEncoder().encodeToString(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }
}
