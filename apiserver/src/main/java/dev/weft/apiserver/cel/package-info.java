/**
 * Expressions in the Common Expression Language, with the functions that Kubernetes adds to it.
 *
 * <p>In: expressions and the types of their variables; documents. Out: programs, their results, or where and why there is
 * none. Thread: the caller's. Deliberately absent: what an expression is asked for, and {@code authorizer}.
 */
@NullMarked
package dev.weft.apiserver.cel;

import org.jspecify.annotations.NullMarked;
