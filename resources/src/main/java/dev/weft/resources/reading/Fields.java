package dev.weft.resources.reading;

import dev.weft.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of one object. Every field that is asked for, by whatever method, is known; what is there and was never
 * asked for is reported at the end as unknown. A wrong value is noted and replaced by the fallback.
 */
public final class Fields {

    private final Reading reading;
    private final String path;
    private final JsonNode node;
    private final Set<String> known = new LinkedHashSet<>();
    private boolean open;

    Fields(Reading reading, String path, JsonNode node) {
        this.reading = reading;
        this.path = path;
        this.node = node;
    }

    public boolean has(String name) {
        return !at(name).isMissingNode();
    }

    /** The path of a field of this object, for messages: {@code spec.backends[1].service}. */
    public String path(String name) {
        if (name.isEmpty()) {
            return path;
        }
        return path.isEmpty() ? name : path + "." + name;
    }

    public Optional<String> text(String name) {
        JsonNode value = at(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            wrongType(name, value, "a text", "Quote it: " + name + ": \"" + value.asString("…") + "\".");
            return Optional.empty();
        }
        return Optional.of(value.asString());
    }

    public String text(String name, String fallback) {
        return text(name).orElse(fallback);
    }

    public String requiredText(String name) {
        Optional<String> text = text(name);
        if (!has(name) || text.equals(Optional.of(""))) {
            missing(name, "a text");
        }
        return text.orElse("");
    }

    /** A number or a text, as a text; what Kubernetes calls IntOrString. */
    public Optional<String> textOrNumber(String name) {
        JsonNode value = at(name);
        if (value.isNumber()) {
            return Optional.of(value.asString());
        }
        return text(name);
    }

    /** One of the words given; anything else is an error. */
    public Optional<String> word(String name, List<String> words) {
        Optional<String> text = text(name);
        if (text.isPresent() && !words.contains(text.get())) {
            invalid(
                    name,
                    "\"" + text.get() + "\" is not one of " + String.join(", ", words) + ".",
                    Names.nearest(text.get(), words)
                            .map(near -> "Did you mean " + near + "?")
                            .orElse("Write one of " + String.join(", ", words) + "."));
            return Optional.empty();
        }
        return text;
    }

    public int integer(String name, int fallback, int least, int most) {
        JsonNode value = at(name);
        if (value.isMissingNode()) {
            return fallback;
        }
        boolean whole = value.isIntegralNumber() && value.canConvertToInt();
        if (!whole || value.asInt() < least || value.asInt() > most) {
            invalid(
                    name,
                    show(value) + " is not an integer from " + least + " to " + most + ".",
                    "Write an integer from " + least + " to " + most + ".");
            return fallback;
        }
        return value.asInt();
    }

    public int requiredInteger(String name, int least, int most) {
        if (!has(name)) {
            missing(name, "an integer from " + least + " to " + most);
        }
        return integer(name, least, least, most);
    }

    public Optional<Double> number(String name, double least, double most) {
        JsonNode value = at(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        double number = value.isNumber() ? value.asDouble() : Double.NaN;
        if (!(number >= least && number <= most)) {
            invalid(
                    name,
                    show(value) + " is not a number from " + least + " to " + most + ".",
                    "Write a number from " + least + " to " + most + ".");
            return Optional.empty();
        }
        return Optional.of(number);
    }

    public boolean flag(String name, boolean fallback) {
        JsonNode value = at(name);
        if (value.isMissingNode() || value.isBoolean()) {
            return value.asBoolean(fallback);
        }
        wrongType(name, value, "true or false", "Write true or false, without quotes.");
        return fallback;
    }

    public Duration seconds(String name, int fallback, int least, int most) {
        return Duration.ofSeconds(integer(name, fallback, least, most));
    }

    /** An amount such as {@code 500m}, {@code 2}, {@code 64Mi}, in thousandths. */
    public long quantityMillis(String name, long fallback) {
        Optional<String> text = textOrNumber(name);
        if (text.isEmpty()) {
            return fallback;
        }
        Optional<Long> millis = Quantity.millis(text.get());
        if (millis.isEmpty()) {
            invalid(name, "\"" + text.get() + "\" is not a quantity.", "Write for example 500m, 2 or 64Mi.");
        }
        return millis.orElse(fallback);
    }

    /** The object under the name, read; empty when it is not there. */
    public <T> Optional<T> object(String name, Function<Fields, T> read) {
        JsonNode value = at(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            wrongType(name, value, "a mapping", "Write its fields on the lines below, indented.");
            return Optional.empty();
        }
        return Optional.of(read.apply(reading.open(path(name), value)));
    }

    public <T> T requiredObject(String name, Function<Fields, T> read) {
        if (!has(name)) {
            missing(name, "a mapping");
        }
        return object(name, read).orElseGet(() -> reading.muted(path(name), read));
    }

    /** The object under the name, or an empty one in its place. */
    public <T> T objectOrEmpty(String name, Function<Fields, T> read) {
        return object(name, read).orElseGet(() -> reading.muted(path(name), read));
    }

    /** The items, each of which must be an object. */
    public <T> List<T> objects(String name, Function<Fields, T> read) {
        return items(name, (item, value) -> {
            if (!value.isObject()) {
                wrongType(item, value, "a mapping", "Write its fields on the lines below, indented.");
                return reading.muted(path(item), read);
            }
            return read.apply(reading.open(path(item), value));
        });
    }

    public <T> List<T> requiredObjects(String name, Function<Fields, T> read) {
        List<T> items = objects(name, read);
        if (items.isEmpty() && (!has(name) || at(name).isArray())) {
            missing(name, "a list with at least one item");
        }
        return items;
    }

    public List<String> texts(String name) {
        return items(name, (item, value) -> {
            if (!value.isString()) {
                wrongType(item, value, "a text", "Quote it.");
            }
            return value.asString("");
        });
    }

    public List<Integer> integers(String name, int least, int most) {
        return items(name, (item, value) -> {
            boolean whole = value.isIntegralNumber() && value.canConvertToInt();
            if (!whole || value.asInt() < least || value.asInt() > most) {
                invalid(
                        item,
                        show(value) + " is not an integer from " + least + " to " + most + ".",
                        "Write an integer from " + least + " to " + most + ".");
                return least;
            }
            return value.asInt();
        });
    }

    /** A mapping of texts, such as labels. */
    public Map<String, String> textMap(String name) {
        return object(name, Fields::allTexts).orElse(Map.of());
    }

    /** All fields of this object, as texts. */
    public Map<String, String> allTexts() {
        open = true;
        node.forEachEntry((key, value) -> {
            if (!value.isString()) {
                wrongType(key, value, "a text", "Quote it: " + key + ": \"" + value.asString("…") + "\".");
            }
        });
        return new LinkedHashMap<>(Resource.strings(node));
    }

    /** The names of the fields that are there; for objects whose fields are free. */
    public List<String> names() {
        open = true;
        return List.copyOf(node.propertyNames());
    }

    /** The field as it stands, whatever it is; a missing node where it is not there. */
    public JsonNode raw(String name) {
        return at(name);
    }

    public Optional<ObjectNode> rawObject(String name) {
        return object(name, fields -> {
            fields.open = true;
            return (ObjectNode) fields.node;
        });
    }

    /** Fields that mean nothing here and may be there without a remark. */
    public void inert(String... names) {
        known.addAll(List.of(names));
    }

    /** Fields of the original that do nothing yet; each that is there gets a warning. */
    public void unsupported(String... names) {
        for (String name : names) {
            if (has(name)) {
                warning(
                        name,
                        "NotSupportedYet",
                        path(name) + " is not supported yet and has no effect.",
                        "Remove it, or expect the behaviour without it.");
            }
        }
    }

    /**
     * Fields of the original that have no effect here, each with the reason.
     *
     * @param reason completes the sentence that begins with the field's path and a colon
     */
    public void noEffect(String reason, String remedy, String... names) {
        for (String name : names) {
            if (has(name)) {
                warning(name, "NoEffect", path(name) + " has no effect: " + reason, remedy);
            }
        }
    }

    /**
     * Fields of the original for which only one behaviour is built. What asks for that, or for nothing (an empty mapping, an
     * empty list, false), may be there without a remark.
     *
     * @param reason completes the sentence that begins with the field's path and a colon
     * @param usual by each field's name what says the same as leaving it out, as a text
     */
    public void oneWay(String reason, Map<String, List<String>> usual) {
        usual.forEach((name, words) -> {
            JsonNode value = at(name);
            String text = value.isValueNode() ? value.asString("") : value.toString();
            boolean nothing = value.isContainer() ? value.isEmpty() : text.isEmpty() || text.equals("false");
            if (!value.isMissingNode() && !nothing && !words.contains(text)) {
                noEffect(reason, "Remove it, or expect the behaviour without it.", name);
            }
        });
    }

    public void missing(String name, String expected) {
        reading.error(
                path(name), "FieldMissing", path(name) + " is missing.", "Write " + path(name) + ": " + expected + ".");
    }

    /**
     * Notes that the field's value is wrong.
     *
     * @param problem completes the sentence that begins with the field's path and a colon
     */
    public void invalid(String name, String problem, String remedy) {
        reading.error(path(name), "FieldInvalid", path(name) + ": " + problem, remedy);
    }

    public void warning(String name, String reason, String message, String remedy) {
        reading.warning(path(name), reason, message, remedy);
    }

    void reportUnknown() {
        if (open) {
            return;
        }
        for (String name : node.propertyNames()) {
            if (!known.contains(name) && reading.tellsUnknown()) { // what was meant takes long to find out
                String remedy = Names.nearest(name, known)
                        .map(near -> "Did you mean " + near + "?")
                        .orElse("Remove it; known here: " + String.join(", ", known) + ".");
                reading.warning(path(name), "FieldUnknown", path(name) + " is no field of this kind.", remedy);
            }
        }
    }

    private <T> List<T> items(String name, BiFunction<String, JsonNode, T> read) {
        JsonNode value = at(name);
        if (!value.isArray()) {
            if (!value.isMissingNode()) {
                wrongType(name, value, "a list", "Begin each item with a dash.");
            }
            return List.of();
        }
        List<T> items = new ArrayList<>();
        for (JsonNode item : value) {
            items.add(read.apply(name + "[" + items.size() + "]", item));
        }
        return List.copyOf(items);
    }

    /** A null is taken for a field that is not there, as Kubernetes does. */
    private JsonNode at(String name) {
        known.add(name);
        JsonNode value = node.path(name);
        return value.isNull() ? tools.jackson.databind.node.MissingNode.getInstance() : value;
    }

    private void wrongType(String name, JsonNode value, String expected, String remedy) {
        invalid(name, show(value) + " is not " + expected + ".", remedy);
    }

    private static String show(JsonNode value) {
        String text = value.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
