package dev.weft.resources.document;

import dev.weft.model.problem.Location;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Builds one document's tree from the parser's events, within bounds, and notes where each field stands. */
final class YamlComposer {

    static final int DEPTH_MAX = 64;
    static final int VALUES_MAX = 200_000;

    private static final int EXPONENT_MAX = 308;
    private static final int EXPONENT_MIN = -324;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String source;
    private final int firstLine;
    private final CoreScalarResolver resolver = new CoreScalarResolver(false);
    private final Map<String, Location> byPath = new HashMap<>();
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private Location start;
    private int depth;
    private int values;

    YamlComposer(String source, int firstLine) {
        this.source = source;
        this.firstLine = firstLine;
        this.start = new Location(source, firstLine, 1);
    }

    /** A flow collection that was begun and not ended. */
    record Open(String closing, Location location) {}

    private record Anchored(JsonNode node, int values) {}

    Location start() {
        return start;
    }

    Positions positions() {
        return Positions.of(start, byPath);
    }

    Optional<Open> innermostOpen() {
        return Optional.ofNullable(open.peek());
    }

    /** The document's root; empty when there is nothing but comments. */
    Optional<JsonNode> compose(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(source)
                .setSchema(new CoreSchema())
                .setCodePointLimit(2 * Documents.BYTES_MAX)
                .build();
        Iterator<Event> events = new Parse(settings).parseString(text).iterator();
        while (events.hasNext()) {
            Event event = events.next();
            if (event.getEventId() == Event.ID.DocumentStart) {
                Event first = events.next();
                start = locate(first);
                boolean empty = first instanceof ScalarEvent scalar
                        && scalar.isPlain()
                        && scalar.getValue().isEmpty();
                JsonNode root = value(first, events, "");
                while (events.hasNext()) {
                    events.next(); // what follows the root, such as a second one, is an error that must be seen
                }
                return empty ? Optional.empty() : Optional.of(root);
            }
        }
        return Optional.empty();
    }

    private JsonNode value(Event event, Iterator<Event> events, String path) {
        count(1, event);
        if (event instanceof AliasEvent alias) {
            return copy(alias);
        }
        if (event instanceof ScalarEvent scalar) {
            JsonNode node = scalar(scalar);
            scalar.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(node, 1)));
            return node;
        }
        CollectionStartEvent collection = (CollectionStartEvent) event;
        if (++depth > DEPTH_MAX) {
            throw refused(event, "nested deeper than " + DEPTH_MAX + " levels.", "Make it flatter.");
        }
        int before = values;
        boolean mapping = event instanceof MappingStartEvent;
        if (collection.isFlow()) {
            open.push(new Open(mapping ? "}" : "]", locate(event)));
        }
        JsonNode node = event instanceof SequenceStartEvent ? sequence(events, path) : mapping(events, path);
        if (collection.isFlow()) {
            open.pop();
        }
        depth--;
        int size = values - before + 1;
        collection.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(node, size)));
        return node;
    }

    private ArrayNode sequence(Iterator<Event> events, String path) {
        ArrayNode array = NODES.arrayNode();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            String item = path + "[" + array.size() + "]";
            byPath.put(item, locate(event));
            array.add(value(event, events, item));
        }
        return array;
    }

    private ObjectNode mapping(Iterator<Event> events, String path) {
        ObjectNode object = NODES.objectNode();
        Map<String, Location> seen = new HashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (!(event instanceof ScalarEvent key)) {
                throw refused(event, "a mapping's key must be a word.", "Quote the key, or check the brackets.");
            }
            String name = key.getValue();
            String field = path.isEmpty() ? name : path + "." + name;
            if (name.equals("<<") && key.isPlain()) {
                merge(object, value(events.next(), events, field), event);
                continue;
            }
            Location first = seen.putIfAbsent(name, locate(event));
            if (first != null) {
                throw refused(event, "the field \"" + name + "\" is given twice.", "It stands at " + first + " too.");
            }
            byPath.put(field, locate(event));
            object.set(name, value(events.next(), events, field));
        }
        return object;
    }

    /** YAML 1.1's merge key, which people still write: what is there already wins. */
    private void merge(ObjectNode into, JsonNode from, Event event) {
        if (from.isArray()) {
            from.forEach(part -> merge(into, part, event));
            return;
        }
        if (!from.isObject()) {
            throw refused(event, "\"<<\" takes a mapping or a list of mappings.", "Refer to an anchor of a mapping.");
        }
        from.forEachEntry((name, value) -> {
            if (!into.has(name)) {
                into.set(name, value.deepCopy());
            }
        });
    }

    private JsonNode copy(AliasEvent alias) {
        Anchored anchored = anchors.get(alias.getAlias());
        if (anchored == null) {
            throw refused(
                    alias,
                    "the alias *" + alias.getAlias().getValue() + " names no anchor above it.",
                    "Define &" + alias.getAlias().getValue() + " before it is used.");
        }
        count(anchored.values, alias);
        return anchored.node.deepCopy();
    }

    private JsonNode scalar(ScalarEvent scalar) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag()
                .map(Tag::new)
                .orElseGet(() -> scalar.isPlain() ? resolver.resolve(text, true) : Tag.STR);
        if (tag.equals(Tag.NULL)) {
            return NODES.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return NODES.booleanNode(text.equalsIgnoreCase("true"));
        }
        try {
            if (tag.equals(Tag.INT)) {
                return integer(text);
            }
            if (tag.equals(Tag.FLOAT)) {
                return NODES.numberNode(decimal(scalar));
            }
        } catch (NumberFormatException e) {
            return NODES.stringNode(text); // .inf and .nan have no JSON form; a field that wants a number says so
        }
        return NODES.stringNode(text);
    }

    /** One that a double can come near: others cost more to reckon with than to write. */
    private BigDecimal decimal(ScalarEvent scalar) {
        BigDecimal decimal = new BigDecimal(scalar.getValue());
        long exponent = (long) decimal.precision() - decimal.scale() - 1;
        if (exponent > EXPONENT_MAX || exponent < EXPONENT_MIN) {
            throw refused(
                    scalar,
                    "the number " + scalar.getValue() + " is beyond what a double holds.",
                    "Write a number between 1e-324 and 1e308, or quote it.");
        }
        return decimal;
    }

    private static JsonNode integer(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        BigInteger value;
        if (digits.startsWith("0x")) {
            value = new BigInteger(digits.substring(2), 16);
        } else if (digits.startsWith("0o")) {
            value = new BigInteger(digits.substring(2), 8);
        } else {
            value = new BigInteger(digits);
        }
        BigInteger signed = negative ? value.negate() : value;
        if (signed.bitLength() < Integer.SIZE) {
            return NODES.numberNode(signed.intValue());
        }
        return signed.bitLength() < Long.SIZE ? NODES.numberNode(signed.longValue()) : NODES.numberNode(signed);
    }

    private void count(int more, Event event) {
        values += more;
        if (values > VALUES_MAX) {
            throw refused(
                    event,
                    "more than " + VALUES_MAX + " values, aliases unfolded.",
                    "Split it into several documents.");
        }
    }

    private Location locate(Event event) {
        return event.getStartMark()
                .map(mark -> new Location(source, mark.getLine() + firstLine, mark.getColumn() + 1))
                .orElse(start);
    }

    private RefusedDocument refused(Event event, String message, String remedy) {
        return new RefusedDocument(locate(event), message, remedy);
    }

    /** Ends the reading of this document; never leaves the package. */
    static final class RefusedDocument extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient Location location;
        private final String reason;
        private final String remedy;

        RefusedDocument(Location location, String message, String remedy) {
            super(message, null, false, false);
            this.reason = message;
            this.location = location;
            this.remedy = remedy;
        }

        Location location() {
            return location;
        }

        String reason() {
            return reason;
        }

        String remedy() {
            return remedy;
        }
    }
}
