/**
 * What is declared, read once, and what was found wrong with it.
 *
 * <p>In: the store's resources. Out: typed resources by kind, and problems by resource. Thread: the compiler's.
 * Deliberately absent: what any of it means for traffic.
 */
@NullMarked
package dev.weft.control.declared;

import org.jspecify.annotations.NullMarked;
