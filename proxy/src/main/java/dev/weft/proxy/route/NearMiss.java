package dev.weft.proxy.route;

/**
 * A rule that was looked at and did not match, for {@code weft why}.
 *
 * @param rule the rule's name
 * @param source the resource that it came from
 * @param reason which condition failed, one clause; the request's own header values stay out of it
 */
public record NearMiss(String rule, String source, String reason) {}
