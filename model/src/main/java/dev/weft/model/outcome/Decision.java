package dev.weft.model.outcome;

/**
 * One step of the way a request took through the stations, for {@code weft why}.
 *
 * @param station the station's name, for example {@code authorize}
 * @param text what it decided and from what, one sentence
 */
public record Decision(String station, String text) {}
