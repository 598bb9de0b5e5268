/**
 * Reads Kubernetes' protobuf, which typed clients send for built-in kinds.
 *
 * <p>In: bytes of {@code application/vnd.kubernetes.protobuf}. Out: the same document as JSON, or a refusal when it holds a
 * field that the list of messages beside this class does not name. Thread: the caller's. Deliberately absent: writing it;
 * every client takes JSON back.
 */
@NullMarked
package dev.weft.apiserver.protobuf;

import org.jspecify.annotations.NullMarked;
