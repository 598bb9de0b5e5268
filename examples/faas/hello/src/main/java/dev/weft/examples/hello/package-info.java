/**
 * The function of the demonstration.
 *
 * <p>In: a request's body. Out: a greeting with a quote. Thread: the function host's, several at once. Deliberately
 * absent: any knowledge of a gateway, a mesh or a scaler; it calls {@code http://quote…/} like any program.
 */
@NullMarked
package dev.weft.examples.hello;

import org.jspecify.annotations.NullMarked;
