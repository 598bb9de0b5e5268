package dev.weft.apiserver.protobuf;

import dev.weft.apiserver.protobuf.Messages.Field;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns Kubernetes' protobuf into JSON. */
public final class Protobuf {

    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int DEPTH_MAX = 50;
    private static final long YEAR_9999 = 253_402_300_799L;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Protobuf() {}

    /**
     * Reads a document: the magic bytes, then {@code runtime.Unknown} with its kind and its content.
     *
     * @throws ProtobufException when it is no such document, or has a field that is not known here
     */
    public static ObjectNode read(byte[] body) {
        if (body.length < 4 || !Arrays.equals(body, 0, 4, MAGIC, 0, 4)) {
            throw new ProtobufException("the body does not begin as Kubernetes' protobuf does");
        }
        String apiVersion = "";
        String kind = "";
        byte[] content = {};
        Wire envelope = new Wire(Arrays.copyOfRange(body, 4, body.length));
        while (envelope.hasNext()) {
            switch (envelope.next()) {
                case 1 -> {
                    Wire type = new Wire(envelope.content());
                    while (type.hasNext()) {
                        switch (type.next()) {
                            case 1 -> apiVersion = type.text();
                            case 2 -> kind = type.text();
                            default -> type.skip();
                        }
                    }
                }
                case 2 -> content = envelope.content();
                default -> envelope.skip();
            }
        }
        ObjectNode document = JSON.objectNode();
        document.put("apiVersion", apiVersion).put("kind", kind);
        document.setAll(message(apiVersion + "/" + kind, content, 0));
        return document;
    }

    private static ObjectNode message(String name, byte[] content, int depth) {
        List<Field> fields = Messages.find(name)
                .orElseThrow(() -> new ProtobufException(name + " is not read as protobuf here: send JSON"));
        if (depth > DEPTH_MAX) {
            throw new ProtobufException("the message is nested more than " + DEPTH_MAX + " deep");
        }
        ObjectNode json = JSON.objectNode();
        Wire wire = new Wire(content);
        while (wire.hasNext()) {
            int number = wire.next();
            Field field = fields.stream()
                    .filter(it -> it.number() == number)
                    .findFirst()
                    .orElseThrow(() -> new ProtobufException(
                            "field " + number + " of " + name + " is not read as protobuf here: send JSON"));
            put(json, field, wire, depth);
        }
        return json;
    }

    private static void put(ObjectNode json, Field field, Wire wire, int depth) {
        switch (field.type()) {
            case "ignored" -> wire.skip();
            case "map", "bytesMap" -> entry(json.withObjectProperty(field.name()), wire.content(), field.type());
            default -> {
                JsonNode value = value(field, wire, depth);
                if (field.repeated()) {
                    json.withArrayProperty(field.name()).add(value);
                } else if (field.pointer() || !isZero(value)) {
                    json.set(field.name(), value);
                }
            }
        }
    }

    private static JsonNode value(Field field, Wire wire, int depth) {
        return switch (field.type()) {
            case "string" -> JSON.stringNode(wire.text());
            case "bytes" -> JSON.stringNode(Base64.getEncoder().encodeToString(wire.content()));
            case "int" -> JSON.numberNode(wire.number());
            case "bool" -> JSON.booleanNode(wire.number() != 0);
            case "time" -> time(wire.content());
            case "intOrString" -> intOrString(wire.content());
            default -> message(field.type(), wire.content(), depth + 1);
        };
    }

    private static void entry(ObjectNode map, byte[] content, String type) {
        Wire wire = new Wire(content);
        String key = "";
        byte[] value = {};
        while (wire.hasNext()) {
            switch (wire.next()) {
                case 1 -> key = wire.text();
                case 2 -> value = wire.content();
                default -> wire.skip();
            }
        }
        map.put(
                key,
                type.equals("map")
                        ? new String(value, java.nio.charset.StandardCharsets.UTF_8)
                        : Base64.getEncoder().encodeToString(value));
    }

    /** Seconds and nanoseconds; a message without either is Go's zero time, which stands for none. */
    private static JsonNode time(byte[] content) {
        Wire wire = new Wire(content);
        long seconds = 0;
        while (wire.hasNext()) {
            if (wire.next() == 1) {
                seconds = wire.number();
            } else {
                wire.skip();
            }
        }
        if (seconds < 0 || seconds > YEAR_9999) {
            throw new ProtobufException("a time lies outside of the years 1970 to 9999");
        }
        return seconds == 0
                ? JSON.stringNode("")
                : JSON.stringNode(Instant.ofEpochSecond(seconds).toString());
    }

    /** Type 0 is a number (field 2), type 1 a text (field 3). */
    private static JsonNode intOrString(byte[] content) {
        Wire wire = new Wire(content);
        long type = 0;
        long number = 0;
        String text = "";
        while (wire.hasNext()) {
            switch (wire.next()) {
                case 1 -> type = wire.number();
                case 2 -> number = wire.number();
                case 3 -> text = wire.text();
                default -> wire.skip();
            }
        }
        return type == 0 ? JSON.numberNode(number) : JSON.stringNode(text);
    }

    /** What Go writes for a field that has not been set. */
    private static boolean isZero(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> value.asString("").isEmpty();
            case NUMBER -> value.asLong(0) == 0;
            case BOOLEAN -> !value.asBoolean(false);
            default -> value.isEmpty();
        };
    }
}
