package dev.weft.apiserver.store;

import dev.weft.resources.Change;
import dev.weft.resources.Resource;
import java.util.Optional;

/**
 * One change, with what was there before it: a watch with a selector needs both to tell what came into its view and what
 * left it.
 *
 * @param before empty for a new resource
 */
public record Step(Change change, Optional<Resource> before) {

    /** The resourceVersion of the change. */
    long version() {
        return Long.parseLong(change.resource().resourceVersion());
    }
}
