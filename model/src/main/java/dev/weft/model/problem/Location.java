package dev.weft.model.problem;

/**
 * A place in a text that a person wrote.
 *
 * @param source file name as the person gave it, {@code stdin}, or {@code api}
 * @param line from 1, or 0 where the text is not at hand (a resource that came over the API)
 * @param column from 1, or 0 likewise
 */
public record Location(String source, int line, int column) {

    public static final Location API = new Location("api", 0, 0);

    /** {@code shop.yaml:14:7}, or just the source where no position is known. */
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
