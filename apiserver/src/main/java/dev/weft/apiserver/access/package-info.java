/**
 * Who asks, and what they may do: the token of the kubeconfig, tokens of service accounts, roles and their bindings.
 *
 * <p>In: an Authorization header, or a user and what they want. Out: users, tokens, yes or no. Thread: the caller's.
 * Deliberately absent: client certificates, other signers of tokens, making roles.
 */
@NullMarked
package dev.weft.apiserver.access;

import org.jspecify.annotations.NullMarked;
