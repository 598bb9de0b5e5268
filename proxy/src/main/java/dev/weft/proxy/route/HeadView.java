package dev.weft.proxy.route;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The head of one request as the decisions see it: views of the bytes that were read, so that most requests are decided
 * without making one String. Header names are asked for in lower case.
 */
public interface HeadView {

    /** As it was sent; the methods that RFC 9110 names are constants, so nothing is made for them. */
    String method();

    /** What the positions below point into; valid for the length of the call that got this view. */
    byte[] bytes();

    /** First byte of the path. */
    int pathStart();

    /** Behind the last byte of the path; the query is left out. */
    int pathEnd();

    /** With its question mark, empty for none; made on each call. */
    String query();

    /** First byte of the authority, as the request names it ({@code host} or {@code host:port}). */
    int authorityStart();

    /** Behind the last byte of the authority; equal to its start when the request names none. */
    int authorityEnd();

    boolean hasHeader(String name);

    /** Whether the header is there with exactly this value. */
    boolean headerIs(String name, String value);

    /** Several fields of one name are joined by {@code ", "} (RFC 9110 §5.3). */
    Optional<String> header(String name);

    /** Made on each call; for messages. */
    default String path() {
        return new String(bytes(), pathStart(), pathEnd() - pathStart(), StandardCharsets.ISO_8859_1);
    }

    /** Made on each call; for messages. */
    default String authority() {
        return new String(bytes(), authorityStart(), authorityEnd() - authorityStart(), StandardCharsets.ISO_8859_1);
    }
}
