/**
 * Knative's objects: a Knative service makes a Configuration and a Route, a Configuration makes Revisions, a Revision
 * makes a Deployment and a Service, a Route says which Revisions answer.
 *
 * <p>In: {@code serving.knative.dev/v1} resources and what became of their pods, from the store. Out: the owned resources
 * and every status. Thread: one virtual thread for each kind. Deliberately absent: numbers of instances beyond the first,
 * and how a request is routed.
 */
@NullMarked
package dev.weft.serving.knative;

import org.jspecify.annotations.NullMarked;
