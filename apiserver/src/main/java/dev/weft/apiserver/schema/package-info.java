/**
 * What a structural schema does to a document: unknown fields go, defaults come, values are judged.
 *
 * <p>In: a schema of a CustomResourceDefinition and a document. Out: the document changed, what was pruned, every fault
 * in Kubernetes' words. Thread: the caller's; no state. Deliberately absent: kinds of Weft's own, which have readers.
 */
@NullMarked
package dev.weft.apiserver.schema;

import org.jspecify.annotations.NullMarked;
