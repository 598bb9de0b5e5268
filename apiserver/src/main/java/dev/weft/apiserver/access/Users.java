package dev.weft.apiserver.access;

import java.util.Optional;
import java.util.function.Function;

/**
 * Where users come from.
 *
 * @param tokens for service accounts
 * @param ofToken whose token it is
 */
public record Users(AccountTokens tokens, Function<String, Optional<User>> ofToken) {}
