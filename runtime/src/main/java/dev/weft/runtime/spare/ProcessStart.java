package dev.weft.runtime.spare;

import java.time.Instant;
import java.util.Map;

/**
 * How a container's process came to be.
 *
 * @param labels of its pod
 * @param spare whether it had been parked
 * @param why it had not, otherwise empty
 * @param micros from the decision that it starts to its start, or to its message
 */
public record ProcessStart(
        Instant at, String namespace, String pod, Map<String, String> labels, boolean spare, String why, long micros) {

    public ProcessStart {
        labels = Map.copyOf(labels);
    }
}
