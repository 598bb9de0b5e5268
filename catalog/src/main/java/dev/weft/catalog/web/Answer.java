package dev.weft.catalog.web;

import java.util.Map;

/** Answers one kind of question. */
interface Answer {

    /**
     * Answers, or refuses.
     *
     * @param rest what follows the answer's name in the path, without slashes around it
     * @param parameters the query's, the first value of each
     * @throws IllegalArgumentException for parameters that make no sense, with a message for people
     */
    Reply to(String rest, Map<String, String> parameters);
}
