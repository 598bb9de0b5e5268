package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a {@code multipart/form-data} body (RFC 7578). */
final class Multipart {

    private static final Pattern BOUNDARY = Pattern.compile("(?i)boundary=\"?([^\";]+)\"?");
    private static final Pattern NAME = Pattern.compile("(?i)[;\\s]name=\"([^\"]*)\"");
    private static final Pattern FILE_NAME = Pattern.compile("(?i)filename=\"([^\"]*)\"");

    private Multipart() {}

    record Part(
            String name,
            Optional<String> fileName,
            Map<String, List<String>> headers,
            @SuppressWarnings("ArrayRecordComponent") byte[] body) {} // read, and never compared

    static List<Part> parts(Request request) {
        Matcher boundary = BOUNDARY.matcher(request.header("Content-Type").orElse(""));
        if (!boundary.find()) {
            throw new IllegalStateException("multipart/form-data without a boundary");
        }
        // One character for each byte, so that places are the same in both.
        String text = "\r\n" + new String(request.body(), StandardCharsets.ISO_8859_1);
        String delimiter = "\r\n--" + boundary.group(1);
        List<Part> parts = new ArrayList<>();
        int start = text.indexOf(delimiter);
        while (start >= 0) {
            start += delimiter.length();
            int end = text.indexOf(delimiter, start);
            if (end < 0 || text.startsWith("--", start)) {
                return parts;
            }
            part(text.substring(start, end)).ifPresent(parts::add);
            start = end;
        }
        return parts;
    }

    private static Optional<Part> part(String text) {
        int blank = text.indexOf("\r\n\r\n");
        if (blank < 0) {
            return Optional.empty();
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : text.substring(0, blank).split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
        }
        String disposition =
                headers.getOrDefault("Content-Disposition", List.of("")).getFirst();
        Matcher name = NAME.matcher(disposition);
        Matcher fileName = FILE_NAME.matcher(disposition);
        return Optional.of(new Part(
                name.find() ? name.group(1) : "",
                fileName.find() ? Optional.of(fileName.group(1)) : Optional.empty(),
                headers,
                text.substring(blank + 4).getBytes(StandardCharsets.ISO_8859_1)));
    }
}
