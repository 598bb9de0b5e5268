package dev.weft.http.h1;

import java.nio.charset.StandardCharsets;

/**
 * A body as a decoder read it.
 *
 * @param end the offset after it, or {@link BodyDecoder#REFUSED}
 */
record Body(String data, int end) {

    static Body of(BodyDecoder decoder, byte[] bytes, int from) {
        StringBuilder data = new StringBuilder();
        int at = from;
        while (at < bytes.length && !decoder.done()) {
            int run = (int) Math.min(decoder.dataAhead(), bytes.length - at);
            if (run > 0) {
                data.append(new String(bytes, at, run, StandardCharsets.ISO_8859_1));
                decoder.skip(run);
                at += run;
            } else {
                at = decoder.read(bytes, at, bytes.length);
                if (at < 0) {
                    break;
                }
            }
        }
        return new Body(data.toString(), at);
    }
}
