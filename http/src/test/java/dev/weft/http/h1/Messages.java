package dev.weft.http.h1;

import java.nio.charset.StandardCharsets;

/** Messages as tests write them: {@code |} ends a line; {@code \n}, {@code \r} and {@code \0} are single characters. */
final class Messages {

    private Messages() {}

    static byte[] bytes(String text) {
        return text.replace("|", "\r\n")
                .replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\0", "\0")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
