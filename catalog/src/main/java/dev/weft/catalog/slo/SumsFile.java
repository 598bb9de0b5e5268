package dev.weft.catalog.slo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps objectives' counts over a restart: one JSON file, replaced as a whole, so that a crash leaves the old one. What
 * cannot be read is left aside with a warning, and counting starts anew.
 */
final class SumsFile {

    private static final Logger LOG = LoggerFactory.getLogger(SumsFile.class);

    /**
     * The counts of one SLO.
     *
     * @param indicator what was counted; counts of another indicator are of no use
     */
    record Kept(String indicator, List<Slots.Slot> slots) {}

    private final Path path;

    SumsFile(Path directory) {
        path = directory.resolve("slo-sums.json");
    }

    /** By {@code namespace/name} of the SLO. */
    Map<String, Kept> read() {
        Map<String, Kept> kept = new HashMap<>();
        if (!Files.exists(path)) {
            return kept;
        }
        try {
            JsonNode json = JsonMapper.shared().readTree(Files.readString(path));
            json.forEachEntry((name, one) -> {
                List<Slots.Slot> slots = new ArrayList<>();
                for (JsonNode slot : one.path("slots")) {
                    slots.add(new Slots.Slot(
                            slot.path(0).asLong(),
                            slot.path(1).asLong(),
                            slot.path(2).asLong()));
                }
                kept.put(name, new Kept(one.path("indicator").asString(""), slots));
            });
        } catch (IOException | JacksonException e) {
            LOG.warn("{} cannot be read; error budgets start anew: {}", path, e.getMessage());
        }
        return kept;
    }

    void write(Map<String, Kept> kept) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        kept.forEach((name, one) -> {
            ArrayNode slots =
                    json.putObject(name).put("indicator", one.indicator()).putArray("slots");
            one.slots()
                    .forEach(slot ->
                            slots.addArray().add(slot.millis()).add(slot.good()).add(slot.total()));
        });
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Path fresh = path.resolveSibling(path.getFileName() + ".new");
            Files.writeString(fresh, JsonMapper.shared().writeValueAsString(json));
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("{} cannot be written; error budgets would not survive a restart: {}", path, e.getMessage());
        }
    }
}
