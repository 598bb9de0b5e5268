package dev.weft.apiserver.rest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is remarked on one request, each remark once. As headers they are bounded as Kubernetes bounds them, for a server
 * whose headers are too long has no answer at all.
 */
final class Warnings {

    /** The longest text of one remark. */
    static final int CHARACTERS_MAX = 256;

    /** The most that all headers take together. */
    static final int BYTES_MAX = 4096;

    private static final int LAST_BYTES = 64;
    private static final int NAME_BYTES = "Warning: \r\n".length();
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final Set<String> texts = new LinkedHashSet<>();

    void add(String text) {
        String line = CONTROL.matcher(text).replaceAll(" ");
        texts.add(line.length() > CHARACTERS_MAX ? line.substring(0, CHARACTERS_MAX - 3) + "..." : line);
    }

    /** The values of the headers; the last one says how many found no room. */
    List<String> headers() {
        List<String> headers = new ArrayList<>();
        int left = BYTES_MAX - LAST_BYTES;
        for (String text : texts) {
            String header = header(text);
            left -= header.getBytes(StandardCharsets.UTF_8).length + NAME_BYTES;
            if (left < 0) {
                headers.add(header("and " + (texts.size() - headers.size()) + " more"));
                break;
            }
            headers.add(header);
        }
        return headers;
    }

    private static String header(String text) {
        return "299 - \"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
