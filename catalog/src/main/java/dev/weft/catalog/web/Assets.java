package dev.weft.catalog.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The console's files, all of them texts, read once. Nothing else can be asked for. */
final class Assets {

    private static final String OWN = "/dev/weft/catalog/web/";
    private static final String PREACT = "/META-INF/resources/webjars/preact/10.28.0/dist/preact.module.js";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private final Map<String, Reply> files = new HashMap<>();
    private final String page;

    Assets() {
        for (String script : new String[] {"app", "format", "map", "panels", "stream"}) {
            files.put("/assets/" + script + ".js", Reply.text(SCRIPT, read(OWN + script + ".js")));
        }
        files.put("/assets/preact.js", Reply.text(SCRIPT, withoutSourceMap(read(PREACT))));
        files.put("/assets/console.css", Reply.text("text/css; charset=utf-8", read(OWN + "console.css")));
        files.put("/assets/icon.svg", Reply.text("image/svg+xml", read(OWN + "icon.svg")));
        page = read(OWN + "index.html");
    }

    Optional<Reply> find(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** The page itself, with what it is to show at once as a block of data, in which nothing can end the block. */
    Reply page(JsonNode state) {
        return Reply.text(
                "text/html; charset=utf-8",
                page.replace("STATE", Reply.line(state).replace("<", "\\u003c")));
    }

    /** The map is not served, and a browser that looks for it would find nothing. */
    private static String withoutSourceMap(String script) {
        return script.replaceAll("(?m)^//# sourceMappingURL=.*$", "");
    }

    private static String read(String resource) {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("not in the class path: " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
