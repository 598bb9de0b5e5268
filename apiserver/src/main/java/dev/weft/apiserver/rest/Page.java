package dev.weft.apiserver.rest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Which part of a collection a list asks for, and as it was when.
 *
 * @param version 0 for what there is now
 * @param exact as it was at that version, and not at a newer one
 * @param after the place of the last resource of the page before; empty for the first page
 * @param limit 0 for all
 */
record Page(long version, boolean exact, String after, long limit) {

    static Page of(Exchange exchange) {
        long limit = exchange.number("limit").orElse(0L);
        String match = exchange.query("resourceVersionMatch");
        String version = exchange.query("resourceVersion");
        String token = exchange.query("continue");
        if (!exchange.query("sendInitialEvents").isEmpty()) {
            throw invalid("sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list");
        }
        if (!match.isEmpty()) {
            check(match, version, token);
        }
        if (!token.isEmpty()) {
            return of(token, version, limit);
        }
        long asked = Reads.resourceVersion(version);
        boolean exact = match.equals("Exact") || (match.isEmpty() && limit > 0 && asked > 0);
        return new Page(asked, exact, "", limit);
    }

    /** What a client sends back to go on after this place in what there was at this version. */
    static String token(long version, String place) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((version + " " + place).getBytes(StandardCharsets.UTF_8));
    }

    private static Page of(String token, String version, long limit) {
        if (!version.isEmpty() && !version.equals("0")) {
            throw ApiException.badRequest("specifying resource version is not allowed when using continue");
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            int end = text.indexOf(' ');
            return new Page(
                    Reads.resourceVersion(text.substring(0, Math.max(0, end))), true, text.substring(end + 1), limit);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("continue: not a token of ours");
        }
    }

    private static void check(String match, String version, String token) {
        if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
            throw invalid("resourceVersionMatch: Unsupported value: \"" + match
                    + "\": supported values: \"Exact\", \"NotOlderThan\"");
        }
        if (version.isEmpty()) {
            throw invalid("resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is"
                    + " provided");
        }
        if (!token.isEmpty()) {
            throw invalid(
                    "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided");
        }
        if (match.equals("Exact") && version.equals("0")) {
            throw invalid("resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for"
                    + " resourceVersion \"0\"");
        }
    }

    private static ApiException invalid(String why) {
        return ApiException.unprocessable("ListOptions.meta.k8s.io \"\" is invalid: " + why);
    }
}
