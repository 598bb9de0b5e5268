package dev.weft.proxy.access;

/** What a policy says about one request. */
public sealed interface Access {

    /**
     * It may pass.
     *
     * @param by the resource that allows it, or why everybody may; one clause
     */
    record Allowed(String by) implements Access {}

    /**
     * It is refused.
     *
     * @param reason one sentence that names what is missing
     */
    record Denied(String reason) implements Access {}
}
