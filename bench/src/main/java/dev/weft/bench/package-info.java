/**
 * Measurements of single parts with JMH; {@code bench/codec} runs them.
 *
 * <p>In: nothing. Out: time and bytes allocated for each operation. Thread: JMH's. Deliberately absent: whole programs,
 * which {@code bench/compare} measures.
 */
@NullMarked
package dev.weft.bench;

import org.jspecify.annotations.NullMarked;
