package dev.weft.cli.demo;

import java.util.Map;

/**
 * A response as the demonstration's client got it.
 *
 * @param headers by lower-case name
 * @param nanos from the request's first byte to the answer's last
 */
record Answer(int status, Map<String, String> headers, String body, long nanos) {

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    double millis() {
        return nanos / 1e6;
    }
}
