package dev.weft.resources.reading;

import dev.weft.model.problem.Problem;
import java.util.List;
import java.util.Optional;

/**
 * What reading gave.
 *
 * @param value present when no problem is an error
 */
public record Read<T>(Optional<T> value, List<Problem> problems) {

    public Read {
        problems = List.copyOf(problems);
    }
}
