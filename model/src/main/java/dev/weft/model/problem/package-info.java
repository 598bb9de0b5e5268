/**
 * What is wrong with what was declared, in the three parts that every refusal has: where, what, what to do.
 *
 * <p>In: nothing. Out: values that every other module fills in and prints. Thread: any, all types are immutable.
 * Deliberately absent: errors of requests (see {@link dev.weft.model.outcome}) and logging.
 */
@NullMarked
package dev.weft.model.problem;

import org.jspecify.annotations.NullMarked;
