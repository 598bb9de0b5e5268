/**
 * Black-box tests: they start the real {@code ./weft}, and meet it through what a user has.
 *
 * <p>In: the examples, and small files of their own. Out: assertions. Thread: JUnit's. Deliberately absent: any class of
 * Weft, except where the architecture itself is tested.
 */
package dev.weft.acceptance;
